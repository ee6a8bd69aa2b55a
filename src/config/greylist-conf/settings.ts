import { formatDuration } from '../duration.js';
import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';
import { translateFlag } from './flags.js';
import { tellOther } from './other-settings.js';
import { merge, placeLeaves } from './parts.js';
import { absolutePath } from './paths.js';
import type { Mapping } from './placed.js';
import { translateSocket } from './socket.js';
import type { Setting, Statement } from './syntax.js';
import { toTemplate } from './template.js';

export type SettingStatement = Setting & Pick<Statement, 'place'>;

const SECOND = 1000;
const DAY = 24 * 60 * 60;

/** What is beyond these is brought back to them: nobody can tell the difference. */
const LONGEST = { delay: DAY, autowhite: 1830 * DAY, 'retry-window': 60 * DAY } as const;

const SHORTEST = { delay: 0, autowhite: 0, 'retry-window': 1 } as const;

/** A duration as we write it. */
export function durationOf(
  key: keyof typeof LONGEST,
  {
    seconds,
    place,
    kind,
  }: { readonly seconds: number; readonly place: Place; readonly kind: string },
  { findings }: Context,
): string {
  const within = Math.min(Math.max(seconds, SHORTEST[key]), LONGEST[key]);
  const text = formatDuration(within * SECOND);
  if (within !== seconds) findings.note(place, kind, `is ${text} here`);
  return text;
}

/** All settings that statements make, one on top of the other. */
export function translateSettings(
  statements: readonly SettingStatement[],
  context: Context,
): Mapping {
  return statements
    .map((statement) => placeLeaves(statement.place, translateSetting(statement, context)))
    .reduce((before, more) => merge(before, more), {});
}

function translateSetting(statement: SettingStatement, context: Context): Mapping {
  switch (statement.kind) {
    case 'flag':
      tellOther(statement, context);
      return translateFlag(statement.flag);
    case 'greylist':
      return { greylist: { delay: durationOf('delay', statement, context) } };
    case 'autowhite':
      return { greylist: { autowhite: durationOf('autowhite', statement, context) } };
    case 'timeout':
      return { greylist: { 'retry-window': durationOf('retry-window', statement, context) } };
    case 'subnetmatch':
      return { greylist: { network: { ipv4: statement.bits } } };
    case 'subnetmatch6':
      return { greylist: { network: { ipv6: statement.bits } } };
    case 'report':
      return { greylist: { header: REPORTS[statement.which] } };
    case 'socket':
      return translateSocket(statement, context);
    case 'pidfile':
      return { 'pid-file': absolutePath(statement, context) };
    case 'user':
      return { user: statement.user, group: statement.group };
    case 'logfac':
      return { log: { to: logTarget(statement.facility) } };
    case 'localaddr':
      return { lookups: { 'local-address': statement.address } };
    case 'geoip2db':
      return statement.path === '' ? {} : { lookups: { geo: statement.path } };
    case 'stat':
      return translateStat(statement, context);
    case 'dumpfile':
      return { store: { import: { 'milter-greylist': absolutePath(statement, context) } } };
    case 'peer':
    case 'syncaddr':
    case 'syncsrcaddr':
    case 'syncmaxqlen':
    case 'drac':
    case 'dumpfreq':
    case 'p0fsock':
    case 'spamdsock':
    case 'geoipdb':
    case 'geoipv6db':
      tellOther(statement, context);
      return {};
    // These are looked at as a whole.
    case 'ldapconf':
    case 'maxpeek':
    case 'tarpit':
    case 'tarpit_scope':
      return {};
  }
}

const REPORTS = {
  all: 'always',
  delays: 'delayed',
  nodelays: 'not-delayed',
  none: 'never',
} as const;

function logTarget(facility: string): string {
  return facility === 'none' ? 'file:/dev/null' : `syslog:${facility}:milter-greylist`;
}

/** Where the activity goes; the signs are those of a shell. */
function translateStat(
  {
    output,
    format,
    place,
  }: Extract<Setting, { readonly kind: 'stat' }> & { readonly place: Place },
  context: Context,
): Mapping {
  const [, sign = '', rest = ''] = /^(>>|>|\|)\s*(.*)$/s.exec(output) ?? [];
  const way = WAYS.get(sign);
  if (way === undefined || rest.trim() === '') {
    const hint = 'write ">>/path", ">/path" or "|command"';
    const problem = 'has an output that is none, and nothing is written';
    context.findings.note(place, 'stat', problem, hint);
    return {};
  }
  const target = way === 'pipe' ? rest : absolutePath({ path: rest, place, kind: 'stat' }, context);
  if (target === undefined) return {};
  return { activity: { to: `${way}:${target}`, format: toTemplate(format).text } };
}

const WAYS = new Map([
  ['>>', 'append'],
  ['>', 'file'],
  ['|', 'pipe'],
]);
