import { parseDuration } from '../../config/duration.js';
import { loadConfig } from '../../config/load.js';
import type { Parsed } from '../../config/parsed.js';
import { parseSocketAddress, type SocketAddress } from '../../config/socket-address.js';
import type { ConnectEvent } from '../../protocols/milter/index.js';
import type { ProbeArguments } from './probe-options.js';
import { UsageError } from '../arguments/usage-error.js';

/** The mail that a filter is asked about, and how. */
export interface ProbePlan {
  readonly filter: SocketAddress;
  readonly as: 'postfix' | 'sendmail';
  readonly client: ConnectEvent;
  readonly helo: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly macros: Readonly<Record<string, string>>;
  readonly hasData: boolean;
  readonly timeoutMs: number;
}

// RFC 5737 and RFC 2606: nobody's address, nobody's domain.
const defaultClient = '192.0.2.1';
const defaultName = 'mail.example.org';
const defaultPort = 40_000;
const maxTimeoutMs = 60 * 60 * 1000;

/**
 * Makes a plan of the command line, with defaults that are nobody's mail.
 *
 * @throws UsageError, and ConfigError for the file
 */
export async function readProbePlan(args: ProbeArguments): Promise<ProbePlan> {
  const { client = defaultClient, name, to = ['recipient@example.org'] } = args;
  const shownName = name ?? (args.client === undefined ? defaultName : undefined);
  return {
    filter: await filterOf(args),
    as: args.as === 'sendmail' ? 'sendmail' : 'postfix',
    client: clientOf(client, shownName),
    helo: args.helo ?? name ?? defaultName,
    from: inBrackets(args.from ?? 'sender@example.org'),
    to: to.map(inBrackets),
    macros: Object.fromEntries((args.macro ?? []).map(macroOf)),
    hasData: args.data === true,
    timeoutMs: timeoutOf(args.timeout ?? '10s'),
  };
}

async function filterOf({ address, config: file }: ProbeArguments): Promise<SocketAddress> {
  const filter =
    address === undefined ? await listenerOf(file) : sound('ADDRESS', address, parseSocketAddress);
  if (filter.kind === 'inet' && filter.port === 0) {
    throw new UsageError('ADDRESS has the port 0: write the one that the filter listens on');
  }
  return filter;
}

async function listenerOf(file: string | undefined): Promise<SocketAddress> {
  if (file === undefined) {
    throw new UsageError(
      'Which filter? Write its address, unix:/run/greymilter/milter.sock, or --config FILE',
    );
  }
  const { config } = await loadConfig({
    file,
    greylistConf: { ignoresUnsupported: true },
  });
  const [first] = config.listen.milter;
  if (first === undefined) {
    throw new UsageError(`${file} has no milter listener, and a policy service cannot be asked so`);
  }
  return first;
}

function clientOf(text: string, name: string | undefined): ConnectEvent {
  // As in a URL; an IPv6 address alone has several colons.
  const [, host = text, port = String(defaultPort)] =
    /^(\[.*\]|[^:]*)(?::([^:]*))?$/.exec(text) ?? [];
  const parsed = sound('--client', text, () => parseSocketAddress(`inet:${port}@${host}`));
  if (parsed.kind === 'unix') throw new UsageError(`--client ${text} is not an IP address`);
  return {
    hostName: name ?? `[${parsed.host}]`,
    family: parsed.family === 6 ? 'inet6' : 'inet',
    port: parsed.port,
    address: parsed.host,
  };
}

function inBrackets(address: string): string {
  return address.startsWith('<') ? address : `<${address}>`;
}

function macroOf(text: string): readonly [symbol: string, value: string] {
  const [, name = '', value] = /^\{?([^={}\s]+)\}?=(.*)$/s.exec(text) ?? [];
  if (value === undefined) {
    throw new UsageError(`--macro ${text}: write name=value, as in --macro auth_authen=joe`);
  }
  return [name.length === 1 ? name : `{${name}}`, value];
}

function timeoutOf(text: string): number {
  const timeoutMs = sound('--timeout', text, parseDuration);
  if (timeoutMs < 1000 || timeoutMs > maxTimeoutMs) {
    throw new UsageError(`--timeout ${text}: write something from 1s to 1h`);
  }
  return timeoutMs;
}

function sound<T>(option: string, text: string, parse: (text: string) => Parsed<T>): T {
  const parsed = parse(text);
  if ('ok' in parsed) return parsed.ok;
  const hint = parsed.hint === undefined ? '' : `: ${parsed.hint}`;
  throw new UsageError(`${option} ${text} ${parsed.problem}${hint}`);
}
