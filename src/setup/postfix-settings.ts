import { join } from 'node:path';
import { runWell } from './run-program.js';

/** What has to be known of a Postfix to set it up. */
export interface PostfixSettings {
  readonly version: string;
  readonly queueDirectory: string;
  /** The user that smtpd is. */
  readonly owner: string;
  /** Whether an smtpd sees nothing but the queue directory. */
  readonly isChrooted: boolean;
  /** Services of master.cf that have an smtpd_milters of their own. */
  readonly ownMilters: readonly string[];
  /** What is in force of the lists that are changed, as it is written. */
  readonly values: ReadonlyMap<string, string>;
  /** Those that main.cf has. */
  readonly written: ReadonlyMap<string, string>;
  /** Networks and domains, with what `$` means. */
  readonly expanded: ReadonlyMap<string, string>;
}

const changed = [
  'smtpd_milters',
  'milter_default_action',
  'smtpd_recipient_restrictions',
  'smtpd_data_restrictions',
  'smtpd_reject_unlisted_recipient',
] as const;

/** Lists of networks and of domains that mail is received for. */
export const domainLists = [
  'mydestination',
  'relay_domains',
  'virtual_alias_domains',
  'virtual_mailbox_domains',
] as const;

/**
 * Asks `postconf` of the Postfix with this configuration directory.
 *
 * @throws SetupError SETUP_PROGRAM
 */
export async function readPostfix(directory: string): Promise<PostfixSettings> {
  const ask = (...args: readonly string[]): Promise<string> => postconf(directory, args);
  const basics = assignments(
    await ask('mail_version', 'queue_directory', 'mail_owner', 'compatibility_level', ...changed),
  );
  const of = (name: string): string => basics.get(name) ?? '';
  const services = smtpdServices(await ask('-M'));
  const isOld = !isAtLeast(of('mail_version'), 3, 0) || of('compatibility_level') === '0';
  return {
    version: of('mail_version'),
    queueDirectory: of('queue_directory'),
    owner: of('mail_owner'),
    isChrooted: services.some(({ chroot }) => chroot === 'y' || (chroot === '-' && isOld)),
    ownMilters: services.filter(({ hasMilters }) => hasMilters).map(({ name }) => name),
    values: basics,
    written: assignments(await ask('-n')),
    expanded: assignments(await ask('-x', 'mynetworks', ...domainLists)),
  };
}

/** Changes main.cf: a value, or undefined for no line at all. @throws SetupError */
export async function writePostfix(
  directory: string,
  changes: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const edits: string[] = [];
  const removals: string[] = [];
  for (const [name, value] of changes) {
    if (value === undefined) removals.push(name);
    else edits.push(`${name}=${value}`);
  }
  if (edits.length > 0) await postconf(directory, ['-e', ...edits]);
  if (removals.length > 0) await postconf(directory, ['-X', ...removals]);
}

/** The file that is changed. */
export function mainFile(directory: string): string {
  return join(directory, 'main.cf');
}

/** Whether a version, `3.7.11` or `3.11-20260101`, is this or a newer one. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [has = 0, hasMinor = 0] = version.split(/[.-]/).map(Number);
  return has > major || (has === major && hasMinor >= minor);
}

async function postconf(directory: string, args: readonly string[]): Promise<string> {
  return await runWell({ program: 'postconf', args: ['-c', directory, ...args] });
}

/** Reads lines of `name = value`. */
function assignments(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^(\S+) =[ \t]*(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Reads `smtp inet n - y - - smtpd -o a=b`, which `postconf -M` writes a service on a line. */
function smtpdServices(text: string) {
  return text
    .split('\n')
    .map((line) => ({ line, fields: line.trim().split(/\s+/) }))
    .filter(({ fields }) => fields[7] === 'smtpd')
    .map(({ line, fields: [name = '', type = '', , , chroot = '-'] }) => ({
      name: `${name}/${type}`,
      chroot,
      hasMilters: /\s-o\s*(?:\{\s*)?smtpd_milters\s*=/.test(line),
    }));
}
