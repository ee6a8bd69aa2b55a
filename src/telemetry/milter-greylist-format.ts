import { formatClock } from '../greylist/format-clock.js';
import type { Decision } from '../greylist/decision.js';
import type { Clause } from '../greylist/particulars.js';
import { milterGreylistAddress, milterGreylistSender } from '../mail/milter-greylist-address.js';
import { MAX_DECISION_VALUE } from './decision-fields.js';
import { MAX_MESSAGE_VALUE, type LineFormat, type LogMessage } from './line-format.js';
import { clip, formatTextSentence, formatTextValue } from './log-value.js';
import type { LogFields, LogLevel } from './logger.js';

/** MTAs make them of letters and digits; our own, which stand in for them, have a dot. */
const QUEUE_ID = /^[A-Za-z0-9]{1,64}$/;

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

function queueId(id: string): string {
  return QUEUE_ID.test(id) ? id : '(unknown id)';
}

function formatDecision(_at: string, decision: Decision): string {
  return `${queueId(decision.attempt.id)}: ${sentenceOf(decision, partiesOf(decision))}`;
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
      const wait = formatClock(Math.ceil((decision.waitMs ?? 0) / 1000) * 1000);
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
  const { reason, attempt } = decision;
  const life = formatClock(decision.knownForMs ?? 0);
  switch (reason) {
    case 'greylist-known':
    case 'client-autowhite':
      return `addr ${address} from ${from} rcpt ${to}: autowhitelisted for another ${life}`;
    case 'greylist-passed':
    case 'patience':
    case 'pool':
      return `created: AUTO ${address} from ${from} to ${to} valid for ${life}`;
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

/** What it says at the same occasion. */
const SENTENCES: Readonly<Record<string, string>> = {
  'configuration reloaded': 'reloaded config file',
  stopped: 'smfi_main() returned 0',
};

/** What has become of a triplet at its end. */
function formatExpired(fields: LogFields): string {
  const { client, from, to, outcome } = fields;
  const [sender, recipient] = [from, to].map((one) => milterGreylistAddress(String(one)));
  const end = outcome === 'passed' ? 'autowhitelisted entry expired' : 'greylisted entry timed out';
  return `(local): ${String(client)} from <${sender ?? ''}> to <${recipient ?? ''}>: ${end}`;
}

/** What a rule's flushaddr has come to, which is told once it is done, and not of which rule. */
function formatFlushed({ id, client, removed }: LogFields): string {
  const address = String(client);
  return `${queueId(String(id))}: addr ${address} flushed, removed ${String(removed)} grey and autowhite (ACL )`;
}

function formatReloading({ files }: LogFields): string {
  return `reloading config file "${clip(String(files), MAX_MESSAGE_VALUE).replace(/[^ -~]|"/g, '?')}"`;
}

/** Messages that it has a sentence of its own for, with what it is about. */
const WITH_FIELDS: Readonly<Record<string, (fields: LogFields) => string>> = {
  'triplet expired': formatExpired,
  'client forgotten': formatFlushed,
  'reloading, since files have changed': formatReloading,
};

function formatMessage(_at: string, { message, fields }: LogMessage): string {
  const own = Object.hasOwn(WITH_FIELDS, message) ? WITH_FIELDS[message] : undefined;
  if (own !== undefined && fields !== undefined) return own(fields);
  const sentence = Object.hasOwn(SENTENCES, message) ? SENTENCES[message] : undefined;
  let line = formatTextSentence(clip(sentence ?? message, MAX_MESSAGE_VALUE));
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    line += ` ${key}=${formatTextValue(clip(String(value), MAX_MESSAGE_VALUE))}`;
  }
  return line;
}

/**
 * The lines of milter-greylist 4.6, for programs that read these:
 *
 *     4QX: addr mx.example.net[192.0.2.1] from <a@example.net> to <b@example.org> delayed for 00:30:00 (ACL 12)
 *     4QX: addr 192.0.2.1 from <a@example.net> rcpt <b@example.org>: autowhitelisted for another 24:00:00
 *     4QX: skipping greylist because address 192.0.2.1 is whitelisted, (from=<…>, rcpt=<…>, addr=…) ACL 3
 *
 * What passes after its delay is said at debug level, as there. No value has blanks or what cannot be
 * seen, so that nothing a client sends looks like another line. What it has no word for has ours.
 */
export const milterGreylistFormat: LineFormat = {
  decision: formatDecision,
  message: formatMessage,
  levelOf,
};
