import { networkOf } from '../../mail/network.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import { parseNameEntry } from '../../rules/sets/name-entry.js';
import { formatDuration } from '../duration.js';
import type { Context, Defined, RateLimit } from './context.js';
import { IN_VALUES, patternEntry, valueEntry } from './entries.js';
import { at } from './placed.js';
import type { Node } from './placed.js';
import type { Stage } from './syntax.js';
import { textAt, toTemplate } from './template.js';
import { block, constant, leftOut, lookup, never } from './test.js';
import { ldapUrlOf, stageOf, urlOf } from './lookup-urls.js';
import type { Test } from './test.js';

const UNDEFINED = 'it is not defined';

/** A DNS list, by the name that it has in the file. */
export function askDnsList(name: string, { dnsrbl }: Context): Test {
  const defined = dnsrbl.get(name);
  if (defined === undefined) return never(UNDEFINED);
  const { zone, address, bits, place } = defined;
  if (!isZone(zone)) return never(`${zone.slice(0, 80)} is no zone`);
  const expected = parseIpAddress(address);
  const answer = expected === undefined || bits === 32 ? address : networkOf(expected, bits).text;
  const label = /^[!-~](?:[ -~]{0,78}[!-~])?$/.test(name) && name !== zone ? { name } : {};
  return lookup({ dnsbl: at(place, { zones: zone, answers: answer, ...label }) });
}

/** Whether DNS can be asked for names below it. */
function isZone(zone: string): boolean {
  return /^[^.].*\./.test(zone) && 'ok' in parseNameEntry(zone);
}

/** A macro of the MTA's, by the name that its test has in the file. */
export function askMacro(name: string, context: Context): Test {
  const defined = context.macros.get(name);
  if (defined === undefined) return never(UNDEFINED);
  const { macro, test, place } = defined;
  const symbol = macro.replace(/^\{(.*)\}$/, '$1');
  if (!isMacroName(symbol)) return constant(test.kind === 'unset', 'no MTA has such a macro');
  const entry: Node | undefined =
    test.kind === 'unset' || (test.kind === 'text' && test.text === '')
      ? at(place, 'unset')
      : test.kind === 'pattern'
        ? patternEntry(test, IN_VALUES, context)
        : valueEntry(test, ['set', 'unset']);
  return entry === undefined ? leftOut : block({ macro: { [symbol]: entry } });
}

const KINDS = { rcpt: undefined, session: 'sessions', data: 'bytes' } as const;

/** The longest window, in seconds. */
const LONGEST = 366 * 24 * 60 * 60;
/** The most recipients and sessions, and the most bytes, that anything is compared with. */
const MOST = 1_000_000;
const MOST_BYTES = 1024 ** 4;

function isMacroName(symbol: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(symbol);
}

/** Whether there was too much; asking counts, but for the bytes of a message that is not there yet. */
export function askRate(
  { name, place: askedAt }: Pick<Defined<RateLimit>, 'name' | 'place'>,
  stage: Stage,
  context: Context,
): Test {
  const defined = context.rates.get(name);
  if (defined === undefined) return never(UNDEFINED);
  const { counts, limit, periodSeconds, place } = defined;
  const isBefore = counts === 'data' && stage === 'rcpt';
  if (isBefore && !context.countedRates.has(name)) {
    const problem = `"${name}" is never over: bytes are counted by a dacl, and none names it`;
    const hint = `write dacl continue ratelimit "${name}", too`;
    context.findings.note(askedAt, 'ratelimit', problem, hint);
  }
  const over = Math.min(Math.max(limit, 0), counts === 'data' ? MOST_BYTES : MOST);
  const seconds = Math.min(Math.max(periodSeconds, 1), LONGEST);
  if (over !== limit || seconds !== periodSeconds) {
    const problem = `"${name}" is ${over} / ${formatDuration(seconds * 1000)} here`;
    context.findings.note(place, 'ratelimit', problem);
  }
  const rate = at(place, {
    over,
    in: formatDuration(seconds * 1000),
    per: keyOf(defined, stage),
    count: isBefore ? 'bytes-before' : KINDS[counts],
    name: context.rateNameOf(name),
  });
  return { kind: 'block', block: { rate }, counts: true };
}

/** The client's address goes without saying; what is the same for everybody is of no account. */
function keyOf({ key }: RateLimit, stage: Stage): string | undefined {
  if (key === undefined) return undefined;
  const { text } = toTemplate(textAt(stage, key));
  if (text === '{client-address}') return undefined;
  return /(?<!\{)(?:\{\{)*\{[^{}]/.test(text) ? text : 'all';
}

/** A web server, by the name that it has in the file. */
export function askUrl(name: string, stage: Stage, context: Context): Test {
  const defined = context.urls.get(name);
  if (defined === undefined) return never(UNDEFINED);
  if (urlOf(defined) === undefined) return leftOut;
  return lookup({ url: context.lookupNameOf(name, stageOf(defined, stage)) }, 'tempfail');
}

/** A directory, by the name of the question. */
export function askLdap(name: string, stage: Stage, context: Context): Test {
  const defined = context.ldap.get(name);
  if (defined === undefined) return never(UNDEFINED);
  if (ldapUrlOf(defined) === undefined) return leftOut;
  return lookup({ ldap: context.lookupNameOf(name, stageOf(defined, stage)) }, 'tempfail');
}
