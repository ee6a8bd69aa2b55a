import { readdir, stat } from 'node:fs/promises';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
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
  type QueuedMail,
} from './instance.js';
import { postfixMain, postfixMaster } from './postfix-config.js';
import { writeLogins } from './logins.js';

export interface PostfixOptions extends MtaOptions {
  /** In Postfix's spelling: `inet:127.0.0.1:10033`, `unix:/path`, or several; empty for no filter. */
  readonly milter: string;
  /** `milter_protocol`; Postfix's own default is 6. */
  readonly protocol?: 2 | 3 | 4 | 6;
  /**
   * What happens without the filter. Postfix's own default: tempfail; in Debian 13's `shutdown`,
   * which greets with 421 and closes.
   */
  readonly defaultAction?: 'accept' | 'reject' | 'tempfail' | 'shutdown' | 'quarantine';
  /**
   * smtpd and cleanup locked into the queue directory, as on a stock Debian: `unix:/a/b` is then
   * `b` in the directory `a` of `queueDirectory`. In there AUTH fails and no client has a name.
   */
  readonly chroot?: boolean;
  /** Further lines of main.cf, which win. */
  readonly extraMainCf?: Readonly<Record<string, string>>;
  /** What an administrator does to the configuration directory before Postfix starts. */
  readonly beforeStart?: (etc: string) => Promise<void>;
}

export interface PostfixInstance extends MtaInstance {
  readonly kind: 'postfix';
  /** Seen as `/` by chrooted services. */
  readonly queueDirectory: string;
}

/**
 * Starts a Postfix that asks the filter, puts all accepted mail on hold and lets loopback clients
 * change their address by XCLIENT.
 */
export async function startPostfix(options: PostfixOptions): Promise<PostfixInstance> {
  const instance = await startInstance('postfix', options, (place) => setUp(place, options));
  return { ...instance, kind: 'postfix', queueDirectory: queueDirectoryOf(instance.directory) };
}

async function setUp(place: MtaPlace, options: PostfixOptions): Promise<MtaSetup> {
  const { directory } = place;
  const configuration = join(directory, 'etc');
  const queueDirectory = queueDirectoryOf(directory);
  const dataDirectory = join(directory, 'data');
  mkdirSync(queueDirectory);
  mkdirSync(dataDirectory);
  writeFileSync(join(configuration, 'main.cf'), postfixMain(place, options));
  writeFileSync(join(configuration, 'master.cf'), postfixMaster(place, options.chroot === true));
  const recipients = `/^(user[1-9](\\+.*)?|postmaster)@${testDomain.replaceAll('.', '\\.')}$/ known\n`;
  writeFileSync(join(configuration, 'recipients'), recipients);
  mkdirSync(join(configuration, 'sasl'));
  writeLogins(join(configuration, 'sasl', 'smtpd.conf'), join(dataDirectory, 'logins'));
  await runCommand('chown', ['-R', 'postfix', dataDirectory]);
  if (options.tls === true) await createCertificate(configuration);
  await options.beforeStart?.(configuration);
  // Postfix reads a file that changed less than a second ago again and again until it is older.
  utimesSync(join(configuration, 'main.cf'), 0, 0);
  return {
    kind: 'postfix',
    command: ['postfix', '-c', configuration, 'start-fg'],
    logFiles: [join(directory, 'log')],
    queued: () => readQueue(configuration, queueDirectory),
    flush: async () => {
      await runCommand('postsuper', ['-c', configuration, '-d', 'ALL']);
    },
  };
}

function queueDirectoryOf(directory: string): string {
  return join(directory, 'queue');
}

async function readQueue(
  configuration: string,
  queueDirectory: string,
): Promise<readonly QueuedMail[]> {
  const hold = join(queueDirectory, 'hold');
  const files = await Promise.all(
    (await readdir(hold)).map(async (id) => ({ id, ...(await fileFacts(join(hold, id))) })),
  );
  const complete = files.filter((file) => file.complete).sort((a, b) => a.changedAt - b.changedAt);
  return Promise.all(complete.map(({ id }) => readMail(configuration, id)));
}

/** Postfix sets the owner's execute bit when a queue file is complete. */
async function fileFacts(path: string): Promise<{ complete: boolean; changedAt: number }> {
  const { mode, ctimeMs } = await stat(path);
  return { complete: (mode & 0o100) !== 0, changedAt: ctimeMs };
}

async function readMail(configuration: string, id: string): Promise<QueuedMail> {
  const show = (what: string): Promise<string> =>
    runCommand('postcat', ['-c', configuration, what, '-q', id]);
  const [envelope, headers, body] = await Promise.all([show('-e'), show('-h'), show('-b')]);
  const values = (name: string): readonly string[] =>
    envelope
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2));
  return {
    id,
    sender: values('sender')[0] ?? '',
    recipients: values('recipient'),
    headers,
    // postcat shows the empty line between headers and body as part of the body.
    body: body.replace(/^\n/, ''),
  };
}
