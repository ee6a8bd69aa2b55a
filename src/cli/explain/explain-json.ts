import type { Explanation } from '../../daemon/trials/explain-mail.js';
import type { ClientView, SourceView } from '../../daemon/trials/source-view.js';
import type { Ruling } from '../../rules/rule.js';
import type { RuleTrace } from '../../rules/trail.js';
import type { StoreState } from './explain-store.js';
import { settingsInForce, wordOf } from './explain-words.js';

/** An explanation for programs; its names are documented, and stay. Times are ISO 8601. */
export function explanationJson(
  explanation: Explanation,
  state: StoreState,
  now: number,
): Record<string, unknown> {
  const { attempt, exemption, triplet, sources, client, lookups } = explanation;
  return {
    at: timeOf(now),
    client: attempt.clientAddress?.text ?? null,
    name: attempt.clientName ?? null,
    helo: attempt.helo ?? null,
    from: attempt.sender.text,
    to: attempt.recipient.text,
    exempt: exemption ?? null,
    rules: explanation.rules.map(ruleOf),
    'message-rules': explanation.messageRules.map(ruleOf),
    lookups: lookups.map(({ kind, question, answer, known }) => ({
      kind,
      question,
      ...(known ? { answer } : { problem: answer }),
    })),
    ruling: rulingOf(explanation.ruling),
    'message-ruling': rulingOf(explanation.messageRuling),
    settings: settingsInForce(explanation).map(({ name, value, by }) => ({
      name,
      value,
      rule: by?.name ?? null,
    })),
    triplets:
      triplet === undefined
        ? []
        : [
            {
              identity: 'network',
              client: explanation.network ?? null,
              from: triplet.sender,
              to: triplet.recipient,
            },
          ],
    store: { ...state, kind: undefined, state: state.kind },
    sources: sources?.map(sourceOf) ?? null,
    provider: providerOf(explanation.provider),
    'expects-reply': explanation.expected ?? null,
    answers: answersOf(explanation.answers),
    'client-autowhite': clientOf(client),
    result: resultOf(explanation),
  };
}

function ruleOf(trace: RuleTrace): Record<string, unknown> {
  const { rule, conditions } = trace;
  return {
    name: rule.name,
    file: rule.place.file,
    line: rule.place.line ?? null,
    result: wordOf(trace),
    conditions: conditions.map(({ name, side, truth, findings }) => ({
      name,
      side,
      holds: truth ?? null,
      found: findings,
    })),
  };
}

function rulingOf(ruling: Ruling | undefined): Record<string, unknown> | null {
  if (ruling === undefined) return null;
  const { action, rule } = ruling;
  return {
    action,
    rule: rule?.name ?? null,
    file: rule?.place.file ?? null,
    line: rule?.place.line ?? null,
  };
}

function sourceOf({ firstSeenAt, lastSeenAt, expiresAt, ...more }: SourceView) {
  return {
    ...more,
    name: more.name ?? null,
    firstSeenAt: timeOf(firstSeenAt),
    lastSeenAt: timeOf(lastSeenAt),
    expiresAt: timeOf(expiresAt),
  };
}

function providerOf(match: Explanation['provider']): Record<string, unknown> | null {
  if (match === undefined) return null;
  const { provider, network, term } = match;
  return { ...provider, network: network.text, term };
}

function answersOf(heard: Explanation['answers']): Record<string, unknown> | null {
  if (heard === undefined) return null;
  const { isProven, by, finding } = heard.proof;
  return { sentAt: timeOf(heard.record.writtenAt), proven: isProven, by, found: finding };
}

function clientOf(client: ClientView | undefined): Record<string, unknown> | null {
  if (client === undefined) return null;
  const { points, isExempt, expiresAt } = client;
  return { points, exempt: isExempt, expiresAt: timeOf(expiresAt) };
}

function resultOf({ decision, stage, reply }: Explanation): Record<string, unknown> | null {
  if (decision === undefined) return null;
  const { verdict, would, reason, mode, attempts, identity } = decision;
  const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
  return {
    verdict,
    would,
    reason,
    identity: identity ?? null,
    wait: 'waitMs' in decision ? seconds(decision.waitMs) : null,
    delayed: 'delayedMs' in decision ? seconds(decision.delayedMs) : null,
    attempt: attempts ?? null,
    stage,
    mode,
    reply: reply ?? null,
  };
}

function timeOf(instant: number): string {
  return new Date(instant).toISOString();
}
