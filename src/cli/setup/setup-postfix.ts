import type { SocketAddress } from '../../config/socket-address.js';
import { backupOf } from '../../setup/kept-file.js';
import { applyPlan, undoPostfix } from '../../setup/postfix-changes.js';
import { knownSite, siteLines } from '../../setup/postfix-known.js';
import { planMilter, planPolicy, type PostfixPlan } from '../../setup/postfix-plan.js';
import { mainFile, readPostfix, type PostfixSettings } from '../../setup/postfix-settings.js';
import { socketAccess } from '../../setup/socket-access.js';
import { loadSupported, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';

/** `setup postfix` as parsed. */
export interface SetupPostfixArguments extends Pick<ConfigArguments, 'config' | 'listen'> {
  readonly directory: string;
  readonly policy?: boolean | undefined;
  readonly write?: boolean | undefined;
  readonly undo?: boolean | undefined;
}

/** `greymilter setup postfix`: prints, writes or takes back the lines of main.cf. */
export async function setupPostfix(args: SetupPostfixArguments, output: Output): Promise<number> {
  const { directory, policy = false } = args;
  const named = {
    config: args.config,
    ...(policy ? { policy: args.listen } : { listen: args.listen }),
  };
  const { listen } = (await loadSupported(named)).config;
  if (args.undo === true) {
    await undo(directory, [...listen.milter, ...listen.policy], output);
    return exitCodes.done;
  }
  const settings = await readPostfix(directory);
  const plan = policy ? planPolicy(listen.policy, settings) : planMilter(listen.milter, settings);
  const site = knownSite(settings);
  for (const note of [...plan.notes, ...site.notes]) output.error(`note: ${note}\n`);
  await warnOfSocket(plan, settings, output);
  const file = mainFile(directory);
  if (args.write === true) await write(directory, plan, { settings, output });
  else {
    output.print(`# For ${file}:\n`);
    for (const [name, value] of plan.lines) output.print(`${name} = ${value}\n`);
  }
  const lines = siteLines(site);
  if (lines.length > 0) {
    output.print('\n# For greymilter.yaml, what Postfix knows of your networks and domains:\n');
    output.print(`${lines.join('\n')}\n`);
  }
  return exitCodes.done;
}

async function write(
  directory: string,
  plan: PostfixPlan,
  { settings, output }: { readonly settings: PostfixSettings; readonly output: Output },
): Promise<void> {
  const file = mainFile(directory);
  if (plan.changes.size === 0) {
    output.print(`${file} says so already.\n`);
    return;
  }
  await applyPlan(directory, plan, settings);
  output.print(`${file} is written; as it was it is ${backupOf(file)}.\nNow: postfix reload\n`);
}

async function undo(
  directory: string,
  listeners: readonly SocketAddress[],
  output: Output,
): Promise<void> {
  const file = mainFile(directory);
  const said = {
    restored: `${file} is as it was.\nNow: postfix reload\n`,
    'taken-out': `The filter is taken out of ${file}, which others have changed as well.\nNow: postfix reload\n`,
    'nothing-there': `There is nothing of the filter in ${file}.\n`,
  } as const;
  output.print(said[await undoPostfix(directory, listeners)]);
}

async function warnOfSocket(
  { listener: { address } }: PostfixPlan,
  { owner }: PostfixSettings,
  output: Output,
): Promise<void> {
  if (address.kind !== 'unix') return;
  const told = {
    allowed: undefined,
    denied: `the user ${owner} may not connect to ${address.path}: set listen.socket.group to ${owner}, and let that group into the directories above`,
    absent: `${address.path} is not there: once the filter runs, see whether the user ${owner} may connect to it`,
    unknown: `only root can see whether the user ${owner} may connect to ${address.path}`,
  } as const;
  const warning = told[await socketAccess(owner, address.path)];
  if (warning !== undefined) output.error(`warning: ${warning}\n`);
}
