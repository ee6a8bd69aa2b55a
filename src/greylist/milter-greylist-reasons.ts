import type { Decision } from './decision.js';

/** The release whose words these are; filters on its header may look for it. */
export const MILTER_GREYLIST_VERSION = '4.6.4';

/** What the header says of mail that was not delayed, in the order in which it says it. */
const REASONS = [
  'Sender DNS name whitelisted',
  'Sender IP whitelisted',
  'Sender e-mail whitelisted',
  'Sender succeeded SMTP AUTH',
  'Message whitelisted by Sendmail access database',
  'Sender passed SPF test',
  'Sender passed DKIM test',
  'Message not sent from an IPv4 neither IPv6 address',
  'Sender succeeded STARTTLS authentication',
  'Recipient e-mail whitelisted',
  'IP, sender and recipient auto-whitelisted',
  'Sender IP whitelisted by DNSRBL',
  'Sender IP whitelisted by MX',
  'URL check passed',
  'Default is to whitelist mail',
] as const;

type HeaderReason = (typeof REASONS)[number];

/** For kinds of conditions; for all others, the rule is named. */
const OF_CLAUSES: Readonly<Record<string, HeaderReason>> = {
  'client-name': 'Sender DNS name whitelisted',
  client: 'Sender IP whitelisted',
  sender: 'Sender e-mail whitelisted',
  login: 'Sender succeeded SMTP AUTH',
  spf: 'Sender passed SPF test',
  'sender-authenticated': 'Sender passed SPF test',
  dkim: 'Sender passed DKIM test',
  tls: 'Sender succeeded STARTTLS authentication',
  recipient: 'Recipient e-mail whitelisted',
  dnsbl: 'Sender IP whitelisted by DNSRBL',
  'sender-mx': 'Sender IP whitelisted by MX',
  url: 'URL check passed',
};

/** For what passes without a rule; for all others, the reason is named in the place of a rule. */
const OF_DECISIONS: Readonly<Record<string, HeaderReason>> = {
  'greylist-known': 'IP, sender and recipient auto-whitelisted',
  'client-autowhite': 'IP, sender and recipient auto-whitelisted',
  authenticated: 'Sender succeeded SMTP AUTH',
  tls: 'Sender succeeded STARTTLS authentication',
  spf: 'Sender passed SPF test',
  'access-map': 'Message whitelisted by Sendmail access database',
  local: 'Message not sent from an IPv4 neither IPv6 address',
  trusted: 'Sender IP whitelisted',
};

/** A decision, as far as its reasons go; and no more than a rule where a message was let pass. */
export type ReasonedDecision = Pick<Decision, 'reason' | 'rule' | 'particulars'>;

/**
 * Why mail was not delayed, as milter-greylist says it in its header: what kinds of conditions let it
 * pass, whichever side they stand on, each once and in its order; behind them rules that have others.
 */
export function milterGreylistReasons(decisions: readonly ReasonedDecision[]): string {
  const found = new Set(decisions.flatMap(reasonsOf));
  const known: readonly string[] = REASONS.filter((reason) => found.has(reason));
  const named = [...found].filter((reason) => !known.includes(reason));
  return [...known, ...named].join(', ');
}

function reasonsOf({ reason, rule, particulars }: ReasonedDecision): readonly string[] {
  if (reason === 'greylist-passed') return [aclMatched(rule ?? '')];
  if (reason !== 'rule') return [OF_DECISIONS[reason] ?? aclMatched(reason)];
  const clauses = particulars?.clauses ?? [];
  if (clauses.length === 0) return ['Default is to whitelist mail'];
  return clauses.map(({ kind }) => OF_CLAUSES[kind] ?? aclMatched(rule ?? ''));
}

function aclMatched(rule: string): string {
  return `ACL ${rule} matched`;
}
