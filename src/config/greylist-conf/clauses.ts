import { compareCount } from './comparisons.js';
import type { Context } from './context.js';
import { askDnsList, askLdap, askMacro, askRate, askUrl } from './defined-clauses.js';
import { askList, askTime, shortNetwork } from './list-clauses.js';
import { at } from './placed.js';
import { setProperty, testGlob, testProperty } from './property-clauses.js';
import {
  askAddresses,
  askBodies,
  askDomains,
  askHeaders,
  askHelo,
  askLogins,
  askSubjects,
} from './subject-clauses.js';
import type { Action, Clause, FormatValue, Stage, TarpitScope } from './syntax.js';
import { toTemplate, withoutRecipient } from './template.js';
import { block, leftOut, lookup, never } from './test.js';
import type { Test } from './test.js';

/** Where a clause stands. */
export interface ClauseUse {
  readonly stage: Stage;
  readonly action: Action;
  /** What the rule, or else the file, says that waiting is counted by. */
  readonly tarpitScope: TarpitScope | undefined;
}

const INSTEAD = {
  p0f: 'nothing here guesses operating systems: write the rule without it',
  spamd: 'let SpamAssassin look at what passes here, by a milter behind this one or by the MTA',
  nsupdate: 'let a program that reads the log, or `stat`, update DNS',
  geoip: 'write geoip2db and the path of a MaxMind database (.mmdb) in place of geoipdb',
} as const;

/** More than any message has. */
const MOST_RECIPIENTS = 1_000_000;
const MOST_BYTES = 1024 ** 4;

/** What a clause asks, in our conditions. */
export function translateClause(clause: Clause, use: ClauseUse, context: Context): Test {
  const test = translate(use.stage === 'data' ? ofMessage(clause) : clause, use, context);
  if (test.kind !== 'block') return test;
  // Where its entries say nothing, all of it comes from the clause.
  const placed = Object.entries(test.block).map(([name, value]) => [name, at(clause.place, value)]);
  return { ...test, block: Object.fromEntries(placed) as typeof test.block };
}

/** Its texts as they are where there is a message, and no recipient. */
function ofMessage(clause: Clause): Clause {
  const blank = (value: FormatValue): FormatValue => {
    return { ...value, format: withoutRecipient(value.format) };
  };
  const { kind } = clause;
  if (kind === 'log') return { ...clause, text: blank(clause.text) };
  if (kind === 'property-glob') return { ...clause, subject: blank(clause.subject) };
  const isSet = kind === 'set' || kind === 'rset';
  return isSet && clause.operand.kind === 'format'
    ? { ...clause, operand: blank(clause.operand) }
    : clause;
}

function translate(clause: Clause, use: ClauseUse, context: Context): Test {
  switch (clause.kind) {
    case 'addr':
      return block({ client: at(clause.network.place, shortNetwork(clause.network.text)) });
    case 'domain':
      return askDomains([clause.operand], context);
    case 'from':
    case 'rawfrom':
    case 'rcpt':
      return askAddresses(clause.kind, [clause.operand], context);
    case 'helo':
      return askHelo([clause.operand], context);
    case 'auth':
      return askLogins([clause.operand], context);
    case 'tls':
      return askSubjects([clause.operand], context);
    case 'header':
    case 'body':
      return askContent(clause, context);
    case 'list':
      if (clause.type === 'geoip' && context.hasOldCountries) {
        return unsupported(clause, 'has no database that is read here', INSTEAD.geoip, context);
      }
      if (clause.type === 'p0f') return unsupported(clause, 'is of p0f', INSTEAD.p0f, context);
      return askList(clause.name, use.stage, context);
    case 'dnsrbl':
      return askDnsList(clause.name, context);
    case 'sm_macro':
      return askMacro(clause.name, context);
    case 'ratelimit':
      return askRate(clause, use.stage, context);
    case 'urlcheck':
      return askUrl(clause.name, use.stage, context);
    case 'ldapcheck':
      return askLdap(clause.name, use.stage, context);
    case 'nsupdate':
      return ignoreUpdate(clause, context);
    case 'p0f':
      return unsupported(clause, 'is not asked', INSTEAD.p0f, context);
    case 'rcptcount':
    case 'msgsize':
    case 'spf':
    case 'dkim':
    case 'mx':
    case 'geoip':
    case 'time':
    case 'property':
    case 'property-glob':
    case 'set':
    case 'rset':
    case 'log':
    case 'tarpit':
    case 'spamd':
      return translateMore(clause, use, context);
  }
}

type TextClause =
  | 'addr'
  | 'domain'
  | 'from'
  | 'rawfrom'
  | 'rcpt'
  | 'helo'
  | 'auth'
  | 'tls'
  | 'p0f'
  | 'header'
  | 'body';
type NamedClause =
  'list' | 'dnsrbl' | 'sm_macro' | 'ratelimit' | 'urlcheck' | 'ldapcheck' | 'nsupdate';

/** Clauses that compare no texts, and refer to nothing. */
function translateMore(
  clause: Exclude<Clause, { readonly kind: TextClause | NamedClause }>,
  use: ClauseUse,
  context: Context,
): Test {
  switch (clause.kind) {
    case 'rcptcount':
      return compareCount(clause.comparison, {
        ...{ condition: 'recipients', most: MOST_RECIPIENTS },
        how: { accepted: true },
      });
    case 'msgsize':
      return compareCount(clause.comparison, { condition: 'size', most: MOST_BYTES });
    case 'spf':
      return lookup({ spf: clause.result });
    case 'dkim':
      return lookup({ dkim: clause.result });
    case 'mx':
      return lookup({ 'sender-mx': { ipv4: Math.min(clause.bits, 32), ipv6: clause.bits } });
    case 'geoip':
      if (context.hasOldCountries) {
        return unsupported(clause, 'has no database that is read here', INSTEAD.geoip, context);
      }
      return askCountry(clause.country, context);
    case 'time':
      return askTime([clause.schedule]);
    case 'property':
      return testProperty(clause, context);
    case 'property-glob':
      return testGlob(clause);
    case 'set':
    case 'rset':
      return setProperty(clause);
    case 'log':
      return { kind: 'step', block: { 'log-text': toTemplate(clause.text.format).text } };
    case 'tarpit':
      return askTarpit(clause.seconds, use);
    case 'spamd':
      return unsupported(clause, 'is not asked', INSTEAD.spamd, context);
  }
}

function askContent(clause: Clause & { readonly kind: 'header' | 'body' }, context: Context): Test {
  const { kind, operand } = clause;
  if (operand.kind === 'property') {
    return block({ property: { [operand.name]: at(clause.place, { 'found-in': kind }) } });
  }
  return kind === 'header' ? askHeaders([operand], context) : askBodies([operand], context);
}

/** The longest that a client can be made to wait here. */
export const LONGEST_TARPIT = 600;

/** As long as a client can be made to wait. */
export function tarpitTime(seconds: number): string {
  return `${Math.min(Math.max(seconds, 1), LONGEST_TARPIT)}s`;
}

function askTarpit(seconds: number, { action, tarpitScope }: ClauseUse): Test {
  // Of a rule that goes on the time is forgotten; who once gave up is not let through by it.
  if (action === 'continue') return lookup({ tarpit: '0s' });
  const time = tarpitTime(seconds);
  const scope = tarpitScope === 'command' ? tarpitScope : undefined;
  // Who is blacklisted is told before anything waits.
  const refusals = action === 'blacklist' ? false : undefined;
  const isUsual = scope === undefined && refusals === undefined;
  return lookup({ tarpit: isUsual ? time : { for: time, scope, refusals } });
}

function askCountry(country: string, { hasCountries }: Context): Test {
  if (!hasCountries) return never('there is no database of countries');
  if (!/^[A-Z]{2}$/.test(country)) return never('it is no country');
  return lookup({ geo: { countries: country } });
}

/** It does something beside the rule, which is the same without it. */
function ignoreUpdate({ place, kind }: Clause, { findings }: Context): Test {
  const what = 'is not done; with --ignore-unsupported the rule is as it would be without it';
  findings.unsupported(place, kind, what, INSTEAD.nsupdate);
  return { kind: 'constant', truth: true, why: 'it updates no DNS' };
}

/** A rule that cannot ask all that it wants to would be for more mail than was meant. */
function unsupported(clause: Clause, problem: string, hint: string, context: Context): Test {
  const what = `${problem}; with --ignore-unsupported the whole rule is left out`;
  context.findings.unsupported(clause.place, clause.kind, what, hint);
  return leftOut;
}
