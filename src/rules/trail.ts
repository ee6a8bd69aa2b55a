import type { Condition, Truth } from './condition.js';
import type { Trail } from './evaluate.js';
import { formatPlace } from './program-source.js';
import type { Rule } from './rule.js';

/** What came of asking a rule; `tempfail` where it cannot be known and the rule says so. */
export type RuleMatch = Parameters<Trail['outcome']>[1];

/** What one condition found. */
export interface ConditionTrace {
  readonly name: string;
  readonly side: 'when' | 'unless';
  /** Undefined if it was not asked: what was known before it decided. */
  readonly truth: Truth | undefined;
  /** In its own words. */
  readonly findings: readonly string[];
}

/** How one rule fared. */
export interface RuleTrace {
  readonly rule: Rule;
  /** Undefined if it was not asked, as one before it decided. */
  readonly match: RuleMatch | undefined;
  readonly conditions: readonly ConditionTrace[];
  /**
   * The conditions that keep it from matching: of `when` those that do not hold, of `unless` all if
   * all hold; and if neither is so, those that nobody could answer. Empty if it matches, or was not
   * asked.
   */
  readonly obstacles: readonly ConditionTrace[];
}

interface Asked {
  readonly findings: Map<Condition, string[]>;
  readonly truths: Map<Condition, Truth>;
  match: RuleMatch | undefined;
}

/** Keeps what happens in one evaluation. */
export class TrailRecorder implements Trail {
  readonly #asked = new Map<Rule, Asked>();
  #current: Asked = createAsked();

  rule(rule: Rule): void {
    this.#current = createAsked();
    this.#asked.set(rule, this.#current);
  }

  note(condition: Condition, finding: string): void {
    const { findings } = this.#current;
    const known = findings.get(condition);
    if (known === undefined) findings.set(condition, [finding]);
    else known.push(finding);
  }

  condition(condition: Condition, _side: 'when' | 'unless', truth: Truth): void {
    this.#current.truths.set(condition, truth);
  }

  outcome(rule: Rule, match: RuleMatch): void {
    const asked = this.#asked.get(rule);
    if (asked !== undefined) asked.match = match;
  }

  /** How each of these rules fared, those included that were not asked. */
  traces(rules: readonly Rule[]): readonly RuleTrace[] {
    return rules.map((rule) => {
      const { match, truths, findings } = this.#asked.get(rule) ?? createAsked();
      const trace =
        (side: 'when' | 'unless') =>
        (condition: Condition): ConditionTrace => ({
          name: condition.name,
          side,
          truth: truths.get(condition),
          findings: findings.get(condition) ?? [],
        });
      const conditions = [...rule.when.map(trace('when')), ...rule.unless.map(trace('unless'))];
      return { rule, match, conditions, obstacles: obstaclesOf(match, conditions) };
    });
  }
}

function createAsked(): Asked {
  return { findings: new Map(), truths: new Map(), match: undefined };
}

function obstaclesOf(
  match: RuleMatch | undefined,
  conditions: readonly ConditionTrace[],
): readonly ConditionTrace[] {
  if (match === undefined || match === 'match') return [];
  const failed = conditions.filter(({ side, truth }) => side === 'when' && truth === 'no');
  if (failed.length > 0) return failed;
  const unless = conditions.filter(({ side }) => side === 'unless');
  if (unless.length > 0 && unless.every(({ truth }) => truth === 'yes')) return unless;
  return conditions.filter(({ truth }) => truth === 'unknown');
}

function labelOf({ name, side }: ConditionTrace): string {
  return side === 'unless' ? `unless ${name}` : name;
}

/** Much for a line of the log, and far below what syslog or the journal would cut. */
const MAX_LENGTH = 2000;

/**
 * The rules that were asked in one line, for the log: each with what decided about it. If that gets
 * too long the first rules are left out, as the last one decides.
 */
export function describeTrail(traces: readonly RuleTrace[], maxLength = MAX_LENGTH): string {
  const asked = traces.filter(({ match }) => match !== undefined);
  const parts: string[] = [];
  let length = 0;
  for (const trace of asked.toReversed()) {
    const part = describeRule(trace, maxLength);
    length += part.length + 2;
    if (length > maxLength && parts.length > 0) break;
    parts.unshift(part);
  }
  const left = asked.length - parts.length;
  return (left > 0 ? [`${left} rules that do not decide`, ...parts] : parts).join('; ');
}

const matchWords: Readonly<Record<RuleMatch, string>> = {
  match: 'matches',
  'no-match': 'does not match',
  tempfail: 'cannot be known',
};

function describeRule(trace: RuleTrace, maxLength: number): string {
  const { rule, match = 'no-match', conditions, obstacles } = trace;
  const told = match === 'match' ? conditions : obstacles;
  const findings = told.flatMap((condition) =>
    condition.truth === undefined
      ? []
      : [`${labelOf(condition)}: ${condition.findings.join(', ') || condition.truth}`],
  );
  const why = findings.length === 0 ? '' : ` (${findings.join(', ')})`;
  const text = `${rule.name} [${formatPlace(rule.place)}] ${matchWords[match]}${why}`;
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
