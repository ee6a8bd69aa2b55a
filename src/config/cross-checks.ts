import { formatDuration } from './duration.js';
import type { Config } from './schema.js';
import type { Path } from './settings.js';
import { formatSocketAddress, isLocalSocket } from './socket-address.js';
import type { SocketAddress } from './socket-address.js';
import { checkStyle, doubtStyle } from './style-bounds.js';

/** Something wrong, or only doubtful, between settings that are fine each by itself. */
export interface CrossIssue {
  /** The settings it is between; it is reported at the first of them that somebody wrote. */
  readonly paths: readonly [Path, ...Path[]];
  readonly problem: string;
  readonly hint: string | undefined;
}

const DELAY = ['greylist', 'delay'] as const;
const MILTER = ['listen', 'milter'] as const;
const POLICY = ['listen', 'policy'] as const;
const HTTP = ['listen', 'http'] as const;
const JOURNAL = ['store', 'journal'] as const;
const TOKEN_FILE = ['http', 'token-file'] as const;
const ALLOW = ['listen', 'allow'] as const;

function checkTimes({ greylist }: Config): readonly CrossIssue[] {
  const delay = formatDuration(greylist.delay);
  const issues: CrossIssue[] = [];
  // There the window begins at the end of the delay, and to know nobody is a way to greylist.
  if (greylist.style === 'milter-greylist') return issues;
  if (greylist['retry-window'] <= greylist.delay) {
    const written = formatDuration(greylist['retry-window']);
    issues.push({
      paths: [['greylist', 'retry-window'], DELAY],
      problem: `must be longer than greylist.delay (${written} against ${delay})`,
      hint: 'otherwise no retry would ever be in time',
    });
  }
  for (const [path, durationMs] of [
    [['greylist', 'autowhite'], greylist.autowhite],
    [['greylist', 'probe-senders', 'autowhite'], greylist['probe-senders'].autowhite],
  ] as const) {
    if (durationMs >= greylist.delay) continue;
    issues.push({
      paths: [path, DELAY],
      problem: `must not be shorter than greylist.delay (${formatDuration(durationMs)} against ${delay})`,
      hint: 'otherwise what passed is forgotten sooner than it passed',
    });
  }
  return issues;
}

/** A rule's times beside those that it leaves as they are. */
function checkRuleTimes({ rules, greylist }: Config): readonly CrossIssue[] {
  if (greylist.style === 'milter-greylist') return [];
  // Whatever a rule before it sets may apply to it as well.
  const isSetBefore = (key: 'delay' | 'retry-window', end: number): boolean =>
    rules.slice(0, end).some((rule) => rule.then === 'continue' && rule[key] !== undefined);
  return rules.flatMap((rule, index): readonly CrossIssue[] => {
    const { delay, 'retry-window': retryWindow } = rule;
    if ((delay === undefined) === (retryWindow === undefined)) return [];
    const other = delay === undefined ? 'delay' : 'retry-window';
    const own = delay === undefined ? 'retry-window' : 'delay';
    const isLater = (delay ?? greylist.delay) >= (retryWindow ?? greylist['retry-window']);
    if (!isLater || isSetBefore(other, index)) return [];
    const than = formatDuration(greylist[other]);
    return [
      {
        paths: [['rules', index, own]],
        problem: `must be ${own === 'delay' ? 'shorter' : 'longer'} than greylist.${other} (${than})`,
        hint: `no retry would ever be in time: set ${other} in the rule as well`,
      },
    ];
  });
}

function checkLookups(config: Config): readonly CrossIssue[] {
  const { lookups, limits, rules, greylist } = config;
  const proveReplies = greylist.replies !== null && config['local-domains'].length > 0;
  const asksNobody = rules.length === 0 && !proveReplies;
  if (lookups.timeout < limits.answer || asksNobody) return [];
  const answer = formatDuration(limits.answer);
  const hint = 'the filter would have given up before they do';
  const problem = `is not shorter than limits.answer (${answer})`;
  return [
    {
      paths: [
        ['lookups', 'timeout'],
        ['limits', 'answer'],
      ],
      problem,
      hint,
    },
  ];
}

/** Waits that are cut, as the MTA's limit is not known. */
function checkTarpits({ rules, limits }: Config): readonly CrossIssue[] {
  return rules.flatMap(({ when }, index): readonly CrossIssue[] => {
    const value = when?.['tarpit']?.value;
    const ms = typeof value === 'object' && value !== null && 'for' in value ? value.for : value;
    if (typeof ms !== 'number' || ms <= limits.tarpit) return [];
    const hint = "make the MTA's limit for filters longer than that, and then this one";
    const problem = `is longer than limits.tarpit (${formatDuration(limits.tarpit)}), which holds`;
    return [
      {
        paths: [
          ['rules', index, 'when', 'tarpit'],
          ['limits', 'tarpit'],
        ],
        problem,
        hint,
      },
    ];
  });
}

/** Servers that nobody would wait for to the end. */
function checkServerTimes({
  lookups: { urls, ldap },
  limits,
  store: { url, redis },
}: Config): readonly CrossIssue[] {
  const servers: readonly (readonly [Path, number])[] = [
    ...Object.entries(urls).map(
      ([name, { timeout }]) => [['lookups', 'urls', name, 'timeout'], timeout] as const,
    ),
    ...(ldap.servers.length > 0 ? [[['lookups', 'ldap', 'timeout'], ldap.timeout] as const] : []),
    ...(url.kind === 'redis' ? [[['store', 'redis', 'timeout'], redis.timeout] as const] : []),
  ];
  return servers
    .filter(([, timeout]) => timeout >= limits.answer)
    .map(([path]) => ({
      paths: [path, ['limits', 'answer']],
      problem: `is not shorter than limits.answer (${formatDuration(limits.answer)})`,
      hint: 'the filter would have given up before it does',
    }));
}

/** Whether two listeners cannot both be bound; port 0 is another one each time. */
function collides(a: SocketAddress, b: SocketAddress): boolean {
  if (a.kind === 'unix') return b.kind === 'unix' && plainPath(a.path) === plainPath(b.path);
  if (b.kind === 'unix' || a.port !== b.port || a.port === 0 || a.family !== b.family) return false;
  const anywhere = a.family === 4 ? '0.0.0.0' : '::';
  return a.host === b.host || a.host === anywhere || b.host === anywhere;
}

function plainPath(path: string): string {
  return path.replace(/\/+/g, '/');
}

/** Every listener with the setting that it stands in. */
function listenersOf({ listen }: Config): readonly (readonly [Path, SocketAddress])[] {
  return (['milter', 'policy'] as const).flatMap((protocol) =>
    listen[protocol].map((address, index) => [['listen', protocol, index], address] as const),
  );
}

/** The admin socket, which no MTA can use. */
function adminOf({ listen }: Config): readonly (readonly [Path, SocketAddress])[] {
  return listen.admin === null ? [] : [[['listen', 'admin'], listen.admin]];
}

/** What is for people and monitors, over TCP. */
function httpOf({ listen }: Config): readonly (readonly [Path, SocketAddress])[] {
  return listen.http === null ? [] : [[HTTP, listen.http]];
}

/** Whoever reaches it must prove who he is, and on the way nobody may listen. */
function checkHttp({ listen, http }: Config): readonly CrossIssue[] {
  if (listen.http === null) return [];
  const issues: CrossIssue[] = [];
  if (http['token-file'] === null) {
    const hint =
      'set http.token-file to a file with a line such as "admin" and a long random token';
    issues.push({
      paths: [HTTP, ['http', 'token-file']],
      problem: 'needs http.token-file',
      hint,
    });
  }
  if (isLocalSocket(listen.http)) return issues;
  const problem = 'can be reached from other machines';
  if (http.tls === null) {
    const hint =
      'set http.tls, or listen on 127.0.0.1: tokens and addresses would be there to read';
    issues.push({ paths: [HTTP, ['http', 'tls']], problem: `${problem} without TLS`, hint });
  }
  if (http.allow.length === 0) {
    const hint = 'set http.allow to the machines of those who look, or listen on 127.0.0.1';
    issues.push({
      paths: [HTTP, ['http', 'allow']],
      problem: `${problem}, and http.allow does not say from which`,
      hint,
    });
  }
  return issues;
}

function checkListeners(config: Config): readonly CrossIssue[] {
  const { listen } = config;
  const listeners = listenersOf(config);
  const issues: CrossIssue[] = [];
  if (listeners.length === 0) {
    const hint = 'an MTA could not reach the filter: write at least one address';
    issues.push({ paths: [MILTER, POLICY], problem: 'is empty', hint });
  }
  const all = [...listeners, ...adminOf(config), ...httpOf(config)];
  for (const [index, [path, address]] of all.entries()) {
    const twin = all.slice(0, index).find(([, earlier]) => collides(earlier, address));
    if (twin) {
      const hint = `it collides with ${formatSocketAddress(twin[1])}: remove one of them`;
      issues.push({ paths: [path], problem: 'is there twice', hint });
    }
    if (address !== listen.http && !isLocalSocket(address) && listen.allow.length === 0) {
      issues.push({
        paths: [path, ALLOW],
        problem: 'can be reached from other machines, and listen.allow does not say from which',
        hint: "set listen.allow to the MTA's addresses, or listen on 127.0.0.1",
      });
    }
  }
  return issues;
}

/** What makes a configuration unusable although every setting is fine by itself. */
export function findContradictions(config: Config): readonly CrossIssue[] {
  const outOfBounds = checkStyle(config);
  const wrong = new Set(outOfBounds.flatMap(({ paths }) => paths.map((path) => path.join('\0'))));
  const others = [
    ...checkTimes(config),
    ...checkRuleTimes(config),
    ...checkListeners(config),
  ].concat(checkHttp(config));
  return [
    ...outOfBounds,
    ...others.filter(({ paths }) => !paths.some((path) => wrong.has(path.join('\0')))),
  ];
}

/** A file's relative paths mean another place wherever the filter is started. */
function findRelativePaths({ store, log, lookups }: Config): readonly CrossIssue[] {
  const paths: readonly (readonly [Path, string])[] = [
    [['store', 'url'], store.url.kind === 'level' ? store.url.path : '/'],
    [['log', 'to'], log.to.kind === 'file' ? log.to.path : '/'],
    ...lookups.geo.map((path, index) => [['lookups', 'geo', index], path] as const),
  ];
  return paths
    .filter(([, path]) => !path.startsWith('/'))
    .map(([path]) => ({
      paths: [path],
      problem: 'has a relative path',
      hint: 'write an absolute one: this depends on where the filter is started',
    }));
}

/** Settings of what is not there. */
function findUnused({ listen, http, store }: Config): readonly CrossIssue[] {
  const problem = 'has no effect';
  const issues: CrossIssue[] = [];
  if (listen.http === null) {
    const hint = 'nothing listens there without listen.http';
    if (http['token-file'] !== null) issues.push({ paths: [TOKEN_FILE], problem, hint });
    if (http.tls !== null) issues.push({ paths: [['http', 'tls']], problem, hint });
  }
  const { 'password-file': passwordFile, user, tls } = store.redis;
  const isSet = [passwordFile, user, ...Object.values(tls)].some((value) => value !== null);
  if (store.url.kind === 'level' && isSet) {
    const hint = 'store.url names a store of this machine, and no Redis';
    issues.push({ paths: [['store', 'redis']], problem, hint });
  }
  if (store.journal !== null && store.journal !== 'auto') {
    const paths = [JOURNAL] as const;
    if (store.url.kind === 'redis') {
      issues.push({ paths, problem, hint: 'the servers of a shared store write for themselves' });
    } else if (store.durability === 'power') {
      const hint = 'with durability: power every answer waits for the disk';
      issues.push({ paths, problem, hint });
    }
  }
  return issues;
}

/** What works, but hardly as it was meant. */
export function findDoubts(config: Config): readonly CrossIssue[] {
  const { allow } = config.listen;
  const { format, style, level, privacy } = config.log;
  const doubts = [
    ...findRelativePaths(config),
    ...checkLookups(config),
    ...checkServerTimes(config),
    ...checkTarpits(config),
    ...doubtStyle(config),
    ...findUnused(config),
  ];
  if (allow.length > 0 && listenersOf(config).every(([, address]) => isLocalSocket(address))) {
    const hint = 'no listener can be reached from other machines';
    doubts.push({ paths: [ALLOW], problem: 'has no effect', hint });
  }
  if (level === 'debug' && privacy !== null) {
    const problem = 'shows addresses that log.privacy hides elsewhere';
    doubts.push({
      paths: [['log', 'level']],
      problem,
      hint: 'set it to info when you have seen enough',
    });
  }
  if (format === 'json' && style !== 'greymilter') {
    const hint = 'JSON has one form: set log.format to text';
    doubts.push({ paths: [['log', 'style']], problem: 'has no effect', hint });
  }
  return doubts;
}
