import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { mtaEnvironment, underMtaHostName } from './commands.js';
import { eximBinary, sendmailBinary } from './places.js';

/** MTAs that ask milters. */
export type MtaKind = 'postfix' | 'sendmail';

/** The same, and one that asks by the policy protocol alone. */
export type AnyMtaKind = MtaKind | 'exim';

/** Whether an MTA can run here; if not, the reason names what is missing and how to get it. */
export type MtaAvailability =
  | { readonly available: true; readonly version: string }
  | { readonly available: false; readonly reason: string };

export type AvailableMtas = Readonly<Record<AnyMtaKind, MtaAvailability>>;

let found: AvailableMtas | undefined;

/** Looks once what this machine can run. */
export function availableMtas(): AvailableMtas {
  found ??= {
    postfix: look(postfixVersion),
    sendmail: look(sendmailVersion),
    exim: look(eximVersion, 'scripts/install-exim'),
  };
  return found;
}

/**
 * For the `skip` option of a test or suite. In CI nothing is skipped: what needs the MTA then fails
 * and says why.
 */
export function skipWithout(kind: AnyMtaKind): string | false {
  const mta = availableMtas()[kind];
  return mta.available || process.env['CI'] === 'true' ? false : mta.reason;
}

/** The MTA's version; throws with the reason if it cannot run here. */
export function requireMta(kind: AnyMtaKind): string {
  const mta = availableMtas()[kind];
  if (!mta.available) throw new Error(`${kind} cannot run here: ${mta.reason}`);
  return mta.version;
}

/** Containers often have no IPv6, not even on the loopback interface. */
export function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === '::1'),
  );
}

function look(version: () => string, installer = 'scripts/install-mtas'): MtaAvailability {
  const reason = obstacle();
  if (reason !== undefined) return { available: false, reason };
  try {
    return { available: true, version: version() };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { available: false, reason: `${what}; ${installer} installs it` };
  }
}

function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'only on Linux';
  if (process.getuid?.() !== 0) return 'only root can run an MTA';
  // Containers may forbid it even to root.
  const problem = failure('unshare', ['--uts', '--mount', '--pid', '--fork', 'true']);
  if (problem !== undefined) return `no namespaces of its own can be made here: ${problem}`;
  const tools = { saslpasswd2: '-v', m4: '--version', openssl: 'version' };
  const missing = Object.entries(tools).filter(([name, option]) => failure(name, [option]));
  if (missing.length === 0) return undefined;
  const names = missing.map(([name]) => name).join(', ');
  return `no ${names} here; scripts/install-mtas installs it`;
}

function postfixVersion(): string {
  return printed('postconf', ['-dh', 'mail_version'], /^(\S+)$/m);
}

function sendmailVersion(): string {
  // Without a configuration it fails, but not before it has told its version.
  const options = underMtaHostName(sendmailBinary, ['-C', '/dev/null', '-d0.1', '-bt']);
  return printed('unshare', options, /^Version (\S+)$/m);
}

function eximVersion(): string {
  return printed(eximBinary, ['-C', '/dev/null', '-bV'], /^Exim version (\S+)/m);
}

function printed(command: string, options: readonly string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(command, options, {
    env: mtaEnvironment,
    encoding: 'utf8',
    input: '',
    timeout: 60_000,
  });
  const version = pattern.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${command} does not run: ${stderr}`.trim());
  return version;
}

function failure(command: string, options: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(command, options, {
    env: mtaEnvironment,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return error?.message ?? (status === 0 ? undefined : stderr.trim());
}
