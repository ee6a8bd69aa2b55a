import type { Parsed } from './parsed.js';

/** Where records are kept. */
export type StoreUrl = LevelUrl | RedisUrl;

/** On this machine. */
export interface LevelUrl {
  readonly kind: 'level';
  /** Of the database's directory. */
  readonly path: string;
}

/** On servers that several daemons share. */
export interface RedisUrl {
  readonly kind: 'redis';
  readonly layout: 'server' | 'sentinel' | 'cluster';
  readonly isTls: boolean;
  /** The server; or Sentinels; or some of the nodes of a Cluster. */
  readonly hosts: readonly StoreHost[];
  /** What Sentinels call the primary; empty elsewhere. */
  readonly name: string;
  readonly database: number;
}

/** A server, by its name or address. */
export interface StoreHost {
  readonly host: string;
  readonly port: number;
}

/** A path that every system call and log line can take. */
export function isPath(text: string): boolean {
  return text !== '' && !/\p{Cc}/u.test(text);
}

const hint = 'write level: and the directory, as in level:/var/lib/greymilter/db';

const PORT = 6379;
const SENTINEL_PORT = 26379;
const MAX_DATABASE = 65_535;

/** Reads `level:PATH`, `redis://HOST`, `redis+sentinel://HOST,HOST/NAME` or `redis+cluster://HOST,HOST`. */
export function parseStoreUrl(text: string): Parsed<StoreUrl> {
  const [, s, layout = 'server', rest] =
    /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(.*)$/s.exec(text) ?? [];
  if (rest !== undefined && (layout === 'server' || layout === 'sentinel' || layout === 'cluster'))
    return parseRedis(rest, layout, s === 's');
  if (/^(redis|valkey)/.test(text)) {
    const hint = 'write redis://HOST, also for Valkey, redis+sentinel:// or redis+cluster://';
    return { problem: 'is not a store', hint: `${hint}; rediss for TLS` };
  }
  return parseLevel(text);
}

function parseLevel(text: string): Parsed<StoreUrl> {
  const path = /^level:(.*)$/s.exec(text)?.[1];
  if (path === undefined || !isPath(path)) return { problem: 'is not a store', hint };
  // In level://var/lib the first part would be a host to everybody who knows URLs.
  if (path.startsWith('//')) {
    return {
      problem: 'has more than one slash before its path',
      hint: `write level:${path.replace(/^\/+/, '/')}`,
    };
  }
  return { ok: { kind: 'level', path } };
}

function parseRedis(rest: string, layout: RedisUrl['layout'], isTls: boolean): Parsed<StoreUrl> {
  if (rest.includes('@')) {
    const instead = 'name them by store.redis.user and store.redis.password-file';
    return { problem: 'has a user or a password in it', hint: instead };
  }
  const [authority = '', ...path] = rest.split('/');
  const hosts = parseHosts(authority, layout === 'sentinel' ? SENTINEL_PORT : PORT);
  if (hosts === undefined || (layout === 'server' && hosts.length > 1)) {
    return { problem: 'has no host that can be', hint: examples[layout] };
  }
  const names = layout === 'sentinel' ? path.shift() : '';
  if (names === undefined || (layout === 'sentinel' && !/^[\w.-]+$/.test(names))) {
    return { problem: 'does not say what the Sentinels call the primary', hint: examples.sentinel };
  }
  const [database = '0', ...more] = path;
  const isNumber = /^\d{0,5}$/.test(database) && Number(database) <= MAX_DATABASE;
  if (more.length > 0 || !isNumber || (layout === 'cluster' && Number(database) > 0)) {
    const problem =
      layout === 'cluster'
        ? 'has a database, and a Cluster has none'
        : 'has no number of a database';
    return { problem, hint: examples[layout] };
  }
  return {
    ok: { kind: 'redis', layout, isTls, hosts, name: names, database: Number(database) },
  };
}

const examples = {
  server:
    'write a host, and a port and the number of a database if need be: redis://192.0.2.6:6379/0',
  sentinel: 'write hosts and a name, as in redis+sentinel://192.0.2.6,192.0.2.7,192.0.2.8/mymaster',
  cluster: 'write some of the nodes, as in redis+cluster://192.0.2.6,192.0.2.7,192.0.2.8',
} as const;

function parseHosts(text: string, fallback: number): readonly StoreHost[] | undefined {
  const hosts = text.split(',').map((one) => {
    const [, inBrackets, name, port = String(fallback)] =
      /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(one) ?? [];
    return { host: inBrackets ?? name ?? '', port: Number(port) };
  });
  const areFine = hosts.every(({ host, port }) => host !== '' && port > 0 && port < 65_536);
  return areFine ? hosts : undefined;
}

/** Writes what {@link parseStoreUrl} reads. */
export function formatStoreUrl(url: StoreUrl): string {
  if (url.kind === 'level') return `${url.kind}:${url.path}`;
  const { layout, isTls, hosts, name, database } = url;
  const scheme = `redis${isTls ? 's' : ''}${layout === 'server' ? '' : `+${layout}`}`;
  const usual = layout === 'sentinel' ? SENTINEL_PORT : PORT;
  const authority = hosts
    .map(({ host, port }) => {
      const written = host.includes(':') ? `[${host}]` : host;
      return port === usual ? written : `${written}:${port}`;
    })
    .join(',');
  const path = [name, database === 0 ? '' : String(database)].filter((part) => part !== '');
  return `${scheme}://${[authority, ...path].join('/')}`;
}

/** What people are told of where it is: a directory, or a URL. */
export function storePlace(url: StoreUrl): string {
  return url.kind === 'level' ? url.path : formatStoreUrl(url);
}
