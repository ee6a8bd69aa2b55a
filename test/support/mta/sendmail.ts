import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCertificate } from './certificate.js';
import { runCommand } from './commands.js';
import {
  startInstance,
  testDomain,
  type MtaInstance,
  type MtaOptions,
  type MtaPlace,
  type MtaSetup,
} from './instance.js';
import { writeLogins } from './logins.js';
import { sendmailBinary, sendmailCfDirectory } from './places.js';
import { sendmailMc } from './sendmail-config.js';
import { emptySendmailQueue, readSendmailQueue } from './sendmail-queue.js';

export interface SendmailOptions extends MtaOptions {
  /** In Sendmail's spelling, as after `S=`: `inet:10033@127.0.0.1`, `unix:/path`; empty for no filter. */
  readonly milter: string;
  /** Filters that are asked after it, with the same flags. */
  readonly furtherMilters?: readonly string[];
  /** What happens without the filter; absent as in Sendmail itself: mail passes unfiltered. */
  readonly flags?: 'T' | 'R' | '4';
  /** What stands behind the address of each filter, in place of flags and short times. */
  readonly equates?: string;
  /** Client addresses for which the macro `{greylist}` has this value at RCPT: WHITE, RELAY, OK. */
  readonly greylistMacro?: Readonly<Record<string, string>>;
  /** Further lines of sendmail.mc, before MAILER. */
  readonly extraMc?: readonly string[];
  /** What an administrator does to the directory of sendmail.mc before Sendmail starts. */
  readonly beforeStart?: (etc: string) => Promise<void>;
}

export interface SendmailInstance extends MtaInstance {
  readonly kind: 'sendmail';
}

/**
 * Starts a Sendmail that asks the filter and keeps all accepted mail in its queue. Clients may come
 * from any address of 127.0.0.0/8. Over TCP it takes 0.2 s for a session, over a Unix socket 5 ms.
 */
export async function startSendmail(options: SendmailOptions): Promise<SendmailInstance> {
  const instance = await startInstance('sendmail', options, (place) => setUp(place, options));
  return { ...instance, kind: 'sendmail' };
}

async function setUp(place: MtaPlace, options: SendmailOptions): Promise<MtaSetup> {
  const { directory } = place;
  const etc = join(directory, 'etc');
  const queue = join(directory, 'queue');
  mkdirSync(queue, { mode: 0o700 });
  writeFileSync(join(etc, 'local-host-names'), `${testDomain}\n`);
  writeFileSync(join(directory, 'statistics'), '');
  writeFileSync(join(etc, 'service.switch'), 'hosts files\naliases files\n');
  writeLogins(join(etc, 'Sendmail.conf'), join(etc, 'logins'));
  writeFileSync(join(etc, 'sendmail.mc'), sendmailMc(place, options));
  if (options.tls === true) await createCertificate(etc);
  const m4 = [`-D_CF_DIR_=${sendmailCfDirectory}`, join(sendmailCfDirectory, 'm4/cf.m4')];
  const cf = join(etc, 'sendmail.cf');
  writeFileSync(cf, await runCommand('m4', [...m4, join(etc, 'sendmail.mc')]));
  await options.beforeStart?.(etc);
  const transcript = join(directory, 'transcript');
  const debug = join(directory, 'debug');
  return {
    kind: 'sendmail',
    // -bD: a daemon in the foreground. -X: the SMTP conversations. -d89.10 copies what goes to
    // syslog to the file of -D, which must come first: otherwise clients read it.
    command: [sendmailBinary, '-C', cf, '-bD', '-X', transcript, '-D', debug, '-d89.10'],
    logFiles: [debug, transcript],
    queued: () => readSendmailQueue(queue),
    flush: () => emptySendmailQueue(queue),
  };
}
