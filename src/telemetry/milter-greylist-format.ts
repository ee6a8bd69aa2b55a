import { formatClock } from '../greylist/format-clock.js';
import type { Acceptance, Decision } from '../greylist/decision.js';
import type { Clause } from '../greylist/particulars.js';
import { milterGreylistAddress, milterGreylistSender } from '../mail/milter-greylist-address.js';
import { MAX_DECISION_VALUE } from './decision-fields.js';
import type { LineFormat } from './line-format.js';
import { clip } from './log-value.js';
import type { LogLevel } from './logger.js';
import {
  besideMessage,
  formatMessage,
  levelOfMessage,
  queueId,
} from './milter-greylist-messages.js';

/** How a greylist.conf's rule is called that stands for SPF before all others. */
const SPF_RULE = 'spf';

/** The parties as they stand in its lines. */
interface Parties {
  readonly address: string;
  readonly host: string;
  /** With brackets. */
  readonly from: string;
  readonly to: string;
  readonly acl: string;
}

function partiesOf({ attempt, rule }: Decision): Parties {
  const address = attempt.clientAddress?.text ?? '(non IP)';
  return {
    address,
    host: milterGreylistAddress(attempt.clientName ?? `[${address}]`),
    from: `<${milterGreylistSender(attempt.sender.text)}>`,
    to: `<${milterGreylistAddress(attempt.recipient.text)}>`,
    acl: clip(rule ?? '', MAX_DECISION_VALUE).replace(/[^ -~]/g, '?'),
  };
}

function formatDecision(_at: string, decision: Decision): string {
  const sentence = sentenceOf(decision, partiesOf(decision));
  return isNameless(decision) ? sentence : `${queueId(decision.attempt.id)}: ${sentence}`;
}

/** What is said of the greylist as such, and at debug level, has no queue id there. */
function isNameless({ verdict, would, reason }: Decision): boolean {
  return verdict === would && reason !== 'local' && QUIET.has(reason);
}

/** What has become of the triplet, which is said at debug level before what the client is told. */
function besideDecision(_at: string, decision: Decision): readonly string[] {
  const { verdict, would, reason, attempts } = decision;
  if (verdict !== would) return [];
  const triplet = tripletOf(partiesOf(decision));
  if (reason === 'greylist-new' || reason === 'greylist-expired') {
    return [`created: ${triplet} delayed for ${clockOfWait(decision.waitMs)}`];
  }
  const didWait = reason === 'greylist-passed' && attempts !== 1;
  return didWait && decision.knownForMs !== 0 ? [`removed: ${triplet}`] : [];
}

function tripletOf({ address, from, to }: Parties): string {
  return `${address} from ${from} to ${to}`;
}

function clockOfWait(waitMs: number | undefined): string {
  return formatClock(Math.ceil((waitMs ?? 0) / 1000) * 1000);
}

function sentenceOf(decision: Decision, parties: Parties): string {
  const { address, host, from, to, acl } = parties;
  const early = `addr ${host}[${address}] from ${from}`;
  const late = decision.stage === 'eom' ? '' : ` to ${to}`;
  if (decision.verdict !== decision.would)
    return skipped(parties, [`the mode is ${decision.mode}`]);
  switch (decision.would) {
    case 'reject':
      return `${early}${late} blacklisted (ACL ${acl})`;
    case 'discard':
    case 'quarantine':
      return `${early}${late} ${decision.would === 'discard' ? 'discarded' : 'quarantined'} (ACL ${acl})`;
    case 'tempfail': {
      if (decision.reason === 'rule') return `${early}${late} blacklisted (ACL ${acl})`;
      const after = decision.stage === 'rcpt' ? '' : ' after DATA phase';
      const wait = clockOfWait(decision.waitMs);
      return `${early} to ${to} delayed${after} for ${wait} (ACL ${acl})`;
    }
    case 'accept':
      return accepted(decision, parties);
  }
}

/** Those that milter-greylist says at debug level, or not at all. */
const QUIET: ReadonlySet<Decision['reason']> = new Set([
  ...(['greylist-passed', 'patience', 'pool'] as const),
  ...(['authenticated', 'tls', 'access-map', 'local'] as const),
]);

function accepted(decision: Decision & { readonly would: 'accept' }, parties: Parties): string {
  const { address, from, to } = parties;
  const { reason, attempt, knownForMs } = decision;
  const life = formatClock(knownForMs ?? 0);
  switch (reason) {
    case 'greylist-known':
    case 'client-autowhite':
      return `addr ${address} from ${from} rcpt ${to}: autowhitelisted for another ${life}`;
    case 'greylist-passed':
      return passed(decision, tripletOf(parties));
    case 'patience':
    case 'pool':
      return `created: AUTO ${tripletOf(parties)} valid for ${life}`;
    case 'authenticated': {
      const login = milterGreylistAddress(attempt.login ?? '');
      return `User ${login} authenticated, bypassing greylisting`;
    }
    case 'tls': {
      const subject = milterGreylistAddress(attempt.certSubject ?? '');
      return `STARTTLS succeeded for DN="${subject}", bypassing greylisting`;
    }
    case 'access-map':
      return 'whitelisted by {greylist}';
    case 'trusted':
      return skipped(parties, [`address ${address} is whitelisted`]);
    case 'rule':
      return isBySpf(decision)
        ? `Sender IP ${address} and address ${from} are SPF-compliant, bypassing greylist`
        : skipped(parties, clausesOf(decision, parties));
    case 'local':
    case 'reply':
    case 'provider':
    case 'store-unavailable':
    case 'overload':
    case 'error':
      return skipped(parties, [reason]);
  }
}

/** One that is new passes without a delay, and waits from then on; without an autowhite nothing is kept. */
function passed({ attempts, delayedMs, knownForMs }: Acceptance, triplet: string): string {
  if (knownForMs === 0) return `removed: ${triplet}`;
  const isNew = attempts === 1 && delayedMs === 0;
  return isNew
    ? `created: ${triplet} delayed for ${formatClock(0)}`
    : `created: AUTO ${triplet} valid for ${formatClock(knownForMs ?? 0)}`;
}

/** Whether it passes before all rules, as SPF lets it: a rule of a greylist.conf that does not stand in it. */
function isBySpf({ rule, particulars }: Decision): boolean {
  const [clause, ...others] = particulars?.clauses ?? [];
  const isOfSpf = clause?.kind === 'spf' && !clause.isNegated;
  return rule === SPF_RULE && isOfSpf && others.length === 0;
}

function skipped({ address, host, from, to, acl }: Parties, reasons: readonly string[]): string {
  const facts = `(from=${from}, rcpt=${to}, addr=${host}[${address}])`;
  return `skipping greylist because ${reasons.join(', ')}, ${facts} ACL ${acl}`.trimEnd();
}

type Say = (parties: Parties, decision: Decision, not: string) => string;

/** What the kinds of conditions are called, in the order in which they are said. */
const SAYINGS: readonly (readonly [kind: string, say: Say])[] = [
  ['client', ({ address }) => `address ${address} is whitelisted`],
  ['dnsbl', ({ address }, _, not) => `address ${address} is${not} in DNSRBL`],
  [
    'sender-mx',
    ({ address }, _, not) =>
      `address ${address} ${not === '' ? 'matches' : 'does not match'} MX record`,
  ],
  ['url', (_, __, not) => `URL check${not} passed`],
  ['client-name', ({ host }) => `sender DNS name ${host} is whitelisted`],
  ['sender', ({ from }) => `sender ${from} is whitelisted`],
  [
    'recipient',
    ({ to }, { stage }) =>
      stage === 'eom' ? 'at least one recipient is whitelisted' : `recipient ${to} is whitelisted`,
  ],
  ['macro', (_, __, not) => `macro rule is${not} satisfied`],
  [
    'geo',
    (_, { particulars }, not) => `geoip ccode ${particulars?.country ?? 'ZZ'} is${not} whitelisted`,
  ],
  ['spf', (_, __, not) => `sender is${not} SPF-compliant`],
  ['sender-authenticated', (_, __, not) => `sender is${not} SPF-compliant`],
  ['dkim', (_, __, not) => `sender is${not} DKIM-compliant`],
  ['tarpit', (_, __, not) => `tarpit is${not} requested`],
];

function clausesOf(decision: Decision, parties: Parties): readonly string[] {
  const clauses = decision.particulars?.clauses ?? [];
  if (clauses.length === 0) return ['this is the default action'];
  const found = SAYINGS.flatMap(([kind, say]) =>
    clauses
      .filter((clause) => clause.kind === kind)
      .map((clause) => say(parties, decision, notOf(clause))),
  );
  return found.length > 0 ? [...new Set(found)] : ['ACL matched'];
}

function notOf({ isNegated }: Clause): string {
  return isNegated ? ' not' : '';
}

function levelOf({ verdict, would, reason }: Decision, level: LogLevel): LogLevel {
  return level === 'info' && verdict === would && QUIET.has(reason) ? 'debug' : level;
}

/**
 * The lines of milter-greylist 4.6, for programs that read these:
 *
 *     4QX: addr mx.example.net[192.0.2.1] from <a@example.net> to <b@example.org> delayed for 00:30:00 (ACL 12)
 *     4QX: addr 192.0.2.1 from <a@example.net> rcpt <b@example.org>: autowhitelisted for another 24:00:00
 *     4QX: skipping greylist because address 192.0.2.1 is whitelisted, (from=<…>, rcpt=<…>, addr=…) ACL 3
 *
 * What becomes of triplets is said at debug level, as there, where lines have no queue id. No value has
 * blanks or what cannot be seen, so that nothing a client sends looks like another line. What it has no
 * word for has ours.
 */
export const milterGreylistFormat: LineFormat = {
  decision: formatDecision,
  message: formatMessage,
  levelOf,
  levelOfMessage,
  besideDecision,
  besideMessage,
};
