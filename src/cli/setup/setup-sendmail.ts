import { join } from 'node:path';
import { formatSocketAddress } from '../../config/socket-address.js';
import { backupOf } from '../../setup/kept-file.js';
import { hasFeature, type SendmailPlaces } from '../../setup/sendmail-cf.js';
import {
  applySendmail,
  planSendmail,
  requirePlace,
  undoSendmail,
} from '../../setup/sendmail-changes.js';
import { chooseForSendmail, sendmailLine } from '../../setup/sendmail-mc.js';
import { isNobodyThere, unsafeDirectory } from '../../setup/sendmail-socket.js';
import { loadSupported, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';

/** `setup sendmail` as parsed. */
export interface SetupSendmailArguments extends Pick<ConfigArguments, 'config' | 'listen'> {
  readonly directory: string;
  readonly 'cf-directory': string;
  readonly write?: boolean | undefined;
  readonly undo?: boolean | undefined;
}

/** `greymilter setup sendmail`: prints, writes or takes back the line of sendmail.mc. */
export async function setupSendmail(args: SetupSendmailArguments, output: Output): Promise<number> {
  const places = { directory: args.directory, cfDirectory: args['cf-directory'] };
  if (args.undo === true) {
    await undo(places, output);
    return exitCodes.done;
  }
  const { config } = await loadSupported({ config: args.config, listen: args.listen });
  const address = chooseForSendmail(config.listen.milter);
  const unsafe = address.kind === 'unix' ? await unsafeDirectory(address.path) : undefined;
  if (unsafe !== undefined) {
    output.error(
      `warning: others may write to ${unsafe}, and Sendmail takes no socket below such a directory\n`,
    );
  }
  if (await isNobodyThere(address)) {
    output.error(
      `warning: nobody listens on ${formatSocketAddress(address)} now: until the filter does, mail passes without greylisting\n`,
    );
  }
  const file = join(places.directory, 'sendmail.mc');
  const line = sendmailLine(address, hasFeature(places));
  if (args.write !== true) {
    // Without m4, which may have to read what only root may.
    await requirePlace(places, line);
    output.print(`dnl For ${file}, above the MAILER lines and other filters:\n${line}\n`);
    return exitCodes.done;
  }
  const plan = await planSendmail(places, line);
  if (plan.isDone) output.print(`${file} says so already.\n`);
  else {
    await applySendmail(places, plan);
    output.print(
      `${file} and sendmail.cf are written; as they were they are ${backupOf('*')}.\n` +
        'Now start Sendmail anew.\n',
    );
  }
  return exitCodes.done;
}

async function undo(places: SendmailPlaces, output: Output): Promise<void> {
  const said = {
    restored: 'sendmail.mc and sendmail.cf are as they were.\nNow start Sendmail anew.\n',
    'cf-anew':
      'sendmail.mc is as it was. sendmail.cf was made anew since, and so it is now, without the filter.\nNow start Sendmail anew.\n',
    'taken-out':
      'The filter is taken out of sendmail.mc, which others have changed as well, and sendmail.cf is made anew.\nNow start Sendmail anew.\n',
    'nothing-there': 'There is nothing of the filter in sendmail.mc.\n',
  } as const;
  output.print(said[await undoSendmail(places)]);
}
