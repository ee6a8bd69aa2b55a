import { parseIpAddress } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Parsed } from './parsed.js';

/** Where a listener stands. `host` is always an address in canonical text, never a name. */
export type SocketAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | {
      readonly kind: 'inet';
      readonly host: string;
      /** 0: any free port, which the daemon then logs. */
      readonly port: number;
      readonly family: 4 | 6;
    };

/** An address that only this machine has. */
export type UnixSocketAddress = Extract<SocketAddress, { kind: 'unix' }>;

/** An address that other machines may have a way to. */
export type InetSocketAddress = Extract<SocketAddress, { kind: 'inet' }>;

/** `sun_path` of unix(7) has 108 bytes with its final NUL; Linux cuts or refuses what is longer. */
const MAX_UNIX_PATH_BYTES = 107;

const EXAMPLES = 'write unix:/run/greymilter/milter.sock or inet:10033@127.0.0.1';
const WHICH_ADDRESS =
  'write inet:10033@127.0.0.1 for this machine alone; 0.0.0.0 or [::] with listen.allow for others';

function parseUnixPath(path: string): Parsed<SocketAddress> {
  if (!path.startsWith('/')) {
    // Postfix would take it below its queue directory, Sendmail below its own: nobody means both.
    return { problem: 'needs an absolute path', hint: `write unix:/run/greymilter/${path}` };
  }
  if (/\p{Cc}/u.test(path)) return { problem: 'has a control character in its path' };
  if (path.endsWith('/')) return { problem: 'names a directory, not a socket' };
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_UNIX_PATH_BYTES) {
    return {
      problem: `has a path of ${bytes} bytes`,
      hint: `the system allows ${MAX_UNIX_PATH_BYTES} for a socket: choose a shorter one`,
    };
  }
  return { ok: { kind: 'unix', path } };
}

/** `[::1]`, `::1`, `127.0.0.1` or `localhost`, which is an address here: nothing is looked up. */
function parseHost(host: string, prefix: string): IpAddress | undefined {
  const bare = /^\[(.*)\]$/.exec(host)?.[1] ?? host;
  if (bare.toLowerCase() === 'localhost') {
    return parseIpAddress(prefix === 'inet6' ? '::1' : '127.0.0.1');
  }
  // A zone would be dropped, and a link-local address cannot be bound without one.
  return bare.includes('%') ? undefined : parseIpAddress(bare);
}

/** Splits Sendmail's `port@host` or Postfix's `host:port`; `[::1]:port` needs its brackets. */
function splitInet(rest: string): readonly [host: string, port: string] | undefined {
  const at = rest.indexOf('@');
  if (at >= 0) return [rest.slice(at + 1), rest.slice(0, at)];
  const postfix = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(rest);
  return postfix ? [postfix[1] ?? '', postfix[2] ?? ''] : undefined;
}

function parseInet(prefix: string, rest: string): Parsed<SocketAddress> {
  if (/^\d+$/.test(rest)) return { problem: 'does not say which address', hint: WHICH_ADDRESS };
  const parts = splitInet(rest);
  if (parts === undefined) {
    const hint = rest.includes(':')
      ? 'write an IPv6 address in brackets: inet:[::1]:10033'
      : EXAMPLES;
    return { problem: 'is not a socket address', hint };
  }
  const [host, portText] = parts;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Infinity;
  if (port > 65535) {
    return { problem: `has "${portText}" for a port`, hint: 'write a number up to 65535' };
  }
  if (host === '*' || host === '') {
    return { problem: 'does not say which address', hint: WHICH_ADDRESS };
  }
  const address = parseHost(host, prefix);
  if (address === undefined) {
    const hint = 'write an IP address or localhost: names are not looked up here';
    return { problem: `has "${host}" for an address`, hint };
  }
  if (prefix === 'inet6' && address.family === 4) {
    return {
      problem: 'says inet6 before an IPv4 address',
      hint: `write inet:${port}@${address.text}`,
    };
  }
  return { ok: { kind: 'inet', host: address.text, port, family: address.family } };
}

/**
 * Reads a listener's address in Sendmail's spelling (`unix:/p`, `local:/p`, `inet:10033@127.0.0.1`,
 * `inet6:10033@[::1]`), in Postfix's (`unix:/p`, `inet:127.0.0.1:10033`, `inet:[::1]:10033`), or
 * as a bare path.
 *
 * A port alone, `inet:10033`, is refused: Sendmail and libmilter mean every interface by it, and
 * who writes it seldom does. `inet` takes both families, as Postfix does.
 */
export function parseSocketAddress(text: string): Parsed<SocketAddress> {
  if (text.startsWith('/')) return parseUnixPath(text);
  const match = /^(unix|local|inet6?):(.*)$/s.exec(text);
  const prefix = match?.[1] ?? '';
  const rest = match?.[2] ?? '';
  if (prefix === 'unix' || prefix === 'local') return parseUnixPath(rest);
  if (prefix !== '') return parseInet(prefix, rest);
  const guess = /^[^:@\s]*[:@][^\s]*$|^\[/.test(text) && 'ok' in parseInet('inet', text);
  return { problem: 'is not a socket address', hint: guess ? `write inet:${text}` : EXAMPLES };
}

/** Reads the address of a Unix socket, where the modes of files say who may connect. */
export function parseUnixSocketAddress(text: string): Parsed<UnixSocketAddress> {
  const parsed = parseSocketAddress(text);
  if (!('ok' in parsed)) return parsed;
  const address = parsed.ok;
  if (address.kind === 'unix') return { ok: address };
  const hint = 'write unix:/run/greymilter/admin.sock, or null to do without';
  return { problem: 'is not a Unix socket', hint };
}

/** Reads the address of a TCP socket, which browsers and Prometheus can reach. */
export function parseInetSocketAddress(text: string): Parsed<InetSocketAddress> {
  const parsed = parseSocketAddress(text);
  if (!('ok' in parsed)) return parsed;
  const address = parsed.ok;
  if (address.kind === 'inet') return { ok: address };
  const hint = 'write inet:127.0.0.1:8025; what is there is at listen.admin as well';
  return { problem: 'is not a TCP socket', hint };
}

/** Writes Sendmail's spelling, in which both families look alike. */
export function formatSocketAddress(address: SocketAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return address.family === 6
    ? `inet6:${address.port}@[${address.host}]`
    : `inet:${address.port}@${address.host}`;
}

/** Whether only this machine can reach the address. */
export function isLocalSocket(address: SocketAddress): boolean {
  if (address.kind === 'unix' || address.host === '::1') return true;
  return address.family === 4 && address.host.startsWith('127.');
}
