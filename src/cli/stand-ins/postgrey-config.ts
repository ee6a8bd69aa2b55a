import { existsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { addressOfHost } from '../../config/greylist-conf/host-address.js';
import type { ConfigInputs } from '../../config/load.js';
import type { Override } from '../../config/overrides.js';
import { whitelistRule } from '../../config/whitelist-rule.js';
import type { PostgreyOption, PostgreyOptions } from './postgrey-options.js';
import { headerTextOf, replyOf } from './postgrey-texts.js';
import { UsageError } from '../arguments/usage-error.js';

/** The release of Postgrey that we stand for. */
export const POSTGREY_VERSION = '1.37';

/** It counts a pass of an address an hour after its last, and asks for no more than that. */
const CLIENT_AUTOWHITE = {
  ...{ after: 5, count: 'address', domains: 1, spacing: '1h', for: '35d' },
} as const;

/**
 * What Postgrey does without an option, and what it never does, so that it is off here until somebody
 * asks for it.
 */
const DEFAULTS = {
  listen: { milter: [], policy: [], socket: { mode: '0666' } },
  greylist: {
    delay: '300s',
    'retry-window': '2d',
    autowhite: '35d',
    identity: ['network'],
    patience: 'off',
    'client-autowhite': CLIENT_AUTOWHITE,
    replies: 'off',
    providers: 'greylist',
    'probe-senders': { match: [] },
    sender: { form: 'postgrey' },
    reply: {
      policy: { action: 'DEFER_IF_PERMIT', enhanced: '4.2.0' },
      text: 'Greylisted, see http://postgrey.schweikert.ch/help/{domain}.html',
    },
    header: 'delayed',
  },
  // Postfix sends whom it wants to have greylisted.
  trusted: [],
  log: { style: 'postgrey' },
} as const;

/** What is in which place on this machine. */
export interface PostgreyPlaces {
  /** Where Postgrey has its database without an option; the first that is there. */
  readonly databases: readonly string[];
  /** Its whitelists; all that are there of the first whose first one is. */
  readonly clients: readonly (readonly string[])[];
  readonly recipients: readonly (readonly string[])[];
}

/** Debian's places, and then those of Postgrey itself. */
export const postgreyPlaces: PostgreyPlaces = {
  databases: ['/var/lib/postgrey', '/var/spool/postfix/postgrey'],
  clients: [
    ['/etc/postgrey/whitelist_clients', '/etc/postgrey/whitelist_clients.local'],
    ['/etc/postfix/postgrey_whitelist_clients', '/etc/postfix/postgrey_whitelist_clients.local'],
  ],
  recipients: [
    ['/etc/postgrey/whitelist_recipients', '/etc/postgrey/whitelist_recipients.local'],
    ['/etc/postfix/postgrey_whitelist_recipients'],
  ],
};

/** A configuration that does what a command line of Postgrey says. */
export interface PostgreyConfig {
  readonly inputs: ConfigInputs;
  /** What of the command line means something else here, or nothing. */
  readonly notes: readonly string[];
}

/**
 * Makes the configuration of a command line. Files are looked for each time, since one may have come
 * or gone at a reload.
 *
 * @throws UsageError
 */
export function postgreyConfig(
  options: PostgreyOptions,
  places: PostgreyPlaces = postgreyPlaces,
): PostgreyConfig {
  const clients = whitelistOf(options, 'clients', places.clients);
  const recipients = whitelistOf(options, 'recipients', places.recipients);
  const whitelists = [...clients.lists, ...recipients.lists];
  const file = options.text('config');
  const overrides = options.all('set');
  const inputs: ConfigInputs = {
    ...(file !== undefined && { file }),
    ...(overrides.length > 0 && { overrides }),
    defaults: DEFAULTS,
    options: [
      ...listeners(options),
      ...times(options),
      ...networks(options),
      ...clientAutowhite(options),
      ...texts(options),
      ...surroundings(options, places),
      ...whitelists.map(({ list }) => list),
    ],
    rules: whitelists.map(({ rule }) => rule),
    forgivingLists: whitelists.map(({ name }) => name),
  };
  return { inputs, notes: [...notesOf(options), ...clients.notes, ...recipients.notes] };
}

function override(
  options: PostgreyOptions,
  option: PostgreyOption,
  path: string,
  value: unknown,
): Override {
  const written = options.text(option) ?? '';
  return {
    origin: written === '' ? `--${option}` : `--${option}=${written}`,
    path: path.split('.'),
    value,
  };
}

/** Both were given: Postgrey listens at the port alone. */
function listeners(options: PostgreyOptions): readonly Override[] {
  const inet = options.text('inet');
  const unix = options.text('unix');
  const mode = options.text('socketmode');
  const found: Override[] = [];
  if (mode !== undefined) {
    const octal = mode.replace(/^0*(?=[0-7]{3}$)/, '0');
    found.push(override(options, 'socketmode', 'listen.socket.mode', octal));
  }
  if (inet !== undefined) {
    const address = inetAddress(inet);
    found.push(override(options, 'inet', 'listen.policy', [address]));
    if (/^inet:\d+@(?!127\.|localhost|\[?::1)/.test(address)) {
      found.push(override(options, 'inet', 'listen.allow', ['0.0.0.0/0', '::/0']));
    }
  } else if (unix !== undefined) {
    found.push(override(options, 'unix', 'listen.policy', [`unix:${unix}`]));
  }
  return found;
}

/** A port alone is one of this machine; `*` and no host at all are every address. */
function inetAddress(text: string): string {
  const [, host, port] = /^(?:(.*):)?([^:]*)$/.exec(text) ?? [];
  const isEverywhere = host === '' || host === '*';
  const address = host === undefined ? '127.0.0.1' : isEverywhere ? '0.0.0.0' : placeOf(host, text);
  return `inet:${port ?? ''}@${address}`;
}

/** What is no name stays as it is: whoever reads the address says what is wrong with it. */
function placeOf(host: string, written: string): string {
  const isName = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(host) && isIP(host) === 0;
  if (!isName || host.toLowerCase() === 'localhost') return host;
  const ipv4 = addressOfHost(host, 4);
  if (ipv4 !== undefined) return ipv4;
  const ipv6 = addressOfHost(host, 6);
  if (ipv6 !== undefined) return `[${ipv6}]`;
  throw new UsageError(`--inet=${written}: this system knows of no address of "${host}"`);
}

function times(options: PostgreyOptions): readonly Override[] {
  const found: Override[] = [];
  const delay = options.number('delay');
  const maxAge = options.number('max-age');
  const window = options.text('retry-window');
  if (delay !== undefined) found.push(override(options, 'delay', 'greylist.delay', `${delay}s`));
  if (maxAge !== undefined) {
    found.push(override(options, 'max-age', 'greylist.autowhite', `${maxAge}d`));
    found.push(override(options, 'max-age', 'greylist.client-autowhite.for', `${maxAge}d`));
  }
  if (window !== undefined) {
    const [, count, unit] = /^(\d{1,9})(h?)$/.exec(window) ?? [];
    if (count === undefined) {
      const message = 'must be a number of days, or of hours with an h behind it';
      throw new UsageError(`--retry-window=${window}: ${message}: 2 or 48h`);
    }
    const value = `${count}${unit === 'h' ? 'h' : 'd'}`;
    found.push(override(options, 'retry-window', 'greylist.retry-window', value));
  }
  return found;
}

function networks(options: PostgreyOptions): readonly Override[] {
  if (options.has('lookup-by-host')) {
    const whole = { ipv4: 32, ipv6: 128 };
    return [override(options, 'lookup-by-host', 'greylist.network', whole)];
  }
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const bits = options.number(`${family}cidr`);
    const path = `greylist.network.${family}`;
    return bits === undefined ? [] : [override(options, `${family}cidr`, path, bits)];
  });
}

/** Behind --max-age, since it may turn off what that has changed. */
function clientAutowhite(options: PostgreyOptions): readonly Override[] {
  const option = 'auto-whitelist-clients';
  const path = 'greylist.client-autowhite';
  if (options.text(option) === '0') return [override(options, option, path, 'off')];
  const count = options.number(option);
  return count === undefined ? [] : [override(options, option, `${path}.after`, count)];
}

function texts(options: PostgreyOptions): readonly Override[] {
  const found: Override[] = [];
  const action = options.text('greylist-action');
  const text = options.text('greylist-text');
  const header = options.text('x-greylist-header');
  const hostname = options.text('hostname');
  if (action !== undefined) {
    const value = /^\d+$/.test(action) ? Number(action) : action;
    found.push(override(options, 'greylist-action', 'greylist.reply.policy.action', value));
  }
  if (text !== undefined) {
    const reply = replyOf(text);
    found.push(override(options, 'greylist-text', 'greylist.reply.text', reply.text));
    if (reply.enhanced !== undefined) {
      const path = 'greylist.reply.policy.enhanced';
      found.push(override(options, 'greylist-text', path, reply.enhanced));
    }
  }
  const option = header === undefined ? 'hostname' : 'x-greylist-header';
  const value = headerTextOf(header, { hostname, version: POSTGREY_VERSION });
  found.push(override(options, option, 'greylist.header-text', value));
  return found;
}

/** Where things are, and what is logged. */
function surroundings(options: PostgreyOptions, places: PostgreyPlaces): readonly Override[] {
  const found: Override[] = [];
  const directory = options.text('dbdir') ?? databaseDirectory(places);
  found.push(override(options, 'dbdir', 'store.url', `level:${join(directory, 'greymilter')}`));
  if (options.has('detached')) {
    const facility = options.text('syslog-facility') ?? 'mail';
    found.push(override(options, 'syslog-facility', 'log.to', `syslog:${facility}:postgrey`));
    const pidFile = options.text('pidfile');
    if (pidFile !== undefined) found.push(override(options, 'pidfile', 'pid-file', pidFile));
  }
  if (options.has('quiet')) found.push(override(options, 'quiet', 'log.level', 'warn'));
  else if (options.has('verbose')) found.push(override(options, 'verbose', 'log.level', 'debug'));
  return found;
}

/** Where Postgrey has its database, and we have ours in a directory of its own. */
export function databaseDirectory({ databases }: PostgreyPlaces = postgreyPlaces): string {
  return databases.find((directory) => existsSync(directory)) ?? databases[0] ?? '.';
}

interface Whitelist {
  readonly name: string;
  readonly list: Override;
  readonly rule: { readonly origin: string; readonly rule: unknown };
}

/** One list of all files that are there, and the rule that lets pass whom it has. */
function whitelistOf(
  options: PostgreyOptions,
  kind: 'clients' | 'recipients',
  usual: readonly (readonly string[])[],
): { readonly lists: readonly Whitelist[]; readonly notes: readonly string[] } {
  const option = `whitelist-${kind}` as const;
  const given = options.all(option);
  const [first = [], ...others] = usual;
  const found = [first, ...others].find(([path = '']) => existsSync(path)) ?? first;
  const wanted = given.length > 0 ? given : found;
  const files = wanted.filter((path) => isFile(path));
  const missing = wanted.filter(
    // The usual way to say that there is to be none.
    (path) => !files.includes(path) && !path.endsWith('.local') && path !== '/dev/null',
  );
  const notes = missing.map((path) => {
    const problem = existsSync(path) ? 'is not a regular file' : 'there is no such file';
    return `${path}: ${problem}; nobody is let through by it`;
  });
  if (files.length === 0) return { lists: [], notes };
  const origin = files.map((path) => `--${option}=${path}`).join(' ');
  const name = `postgrey-${kind}`;
  const rule = whitelistRule(kind, name);
  const value = files.map((postgrey) => ({ postgrey }));
  return {
    lists: [{ name, list: { origin, path: ['lists', name, kind], value }, rule: { origin, rule } }],
    notes,
  };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** What is accepted, and is otherwise here, or has no meaning. */
function notesOf(options: PostgreyOptions): readonly string[] {
  const notes: string[] = [];
  if (options.has('privacy')) {
    notes.push(
      '--privacy: records are not hashed, which would hide little; only the user that we run as can read them',
    );
  }
  if (options.text('delay') === '0') notes.push('--delay=0: is 300, as in Postgrey');
  if (options.has('pidfile') && !options.has('daemonize')) {
    notes.push('--pidfile: is ignored without --daemonize, as in Postgrey');
  }
  if (options.has('inet') && options.has('unix')) {
    notes.push('--unix: is ignored beside --inet, as in Postgrey');
  }
  return notes;
}
