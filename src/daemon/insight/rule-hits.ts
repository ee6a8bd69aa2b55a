import type { RuleReading } from '../../admin/insight.js';
import type { Decision } from '../../greylist/decision.js';
import { formatPlace } from '../../rules/program-source.js';
import type { Program, Rule } from '../../rules/rule.js';

/** How often each rule has decided, or lent its settings, since the start, by its name. */
export class RuleHits {
  readonly #hits = new Map<string, number>();

  count({ rule }: Pick<Decision, 'rule'>): void {
    if (rule !== undefined) this.#hits.set(rule, (this.#hits.get(rule) ?? 0) + 1);
  }

  /** The rules in force, in their order. */
  read({ rules, messageRules }: Pick<Program, 'rules' | 'messageRules'>): readonly RuleReading[] {
    const reading = (section: RuleReading['section']) => (rule: Rule) => ({
      section,
      name: rule.name,
      place: formatPlace(rule.place),
      action: rule.action,
      hits: this.#hits.get(rule.name) ?? 0,
    });
    return [...rules.map(reading('rules')), ...messageRules.map(reading('message-rules'))];
  }
}

/** The delay of a rule, or of `greylist` where it has none, in milliseconds. */
export function createDelayOf(
  { rules }: Pick<Program, 'rules'>,
  usualMs: number,
): (rule: string | undefined) => number {
  const delays = new Map(rules.map(({ name, settings }) => [name, settings.delayMs ?? usualMs]));
  return (rule) => (rule === undefined ? usualMs : (delays.get(rule) ?? usualMs));
}
