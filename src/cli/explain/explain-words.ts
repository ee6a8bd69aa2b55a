import { formatDuration } from '../../config/duration.js';
import type { Explanation } from '../../daemon/trials/explain-mail.js';
import type { Place, Rule, RuleSettings } from '../../rules/rule.js';
import type { ConditionTrace, RuleTrace } from '../../rules/trail.js';

/** What came of a rule, in words that people look for. */
export type RuleWord = 'matches' | 'does not match' | 'unknown' | 'not asked';

/** One setting in force, and the rule that has set it. */
export interface SettingInForce {
  readonly name: string;
  readonly value: string;
  readonly by: Rule | undefined;
}

/** What came of a rule; `unknown` where lookups without an answer are all that stood in its way. */
export function wordOf({ match, obstacles }: RuleTrace): RuleWord {
  if (match === undefined) return 'not asked';
  if (match === 'match') return 'matches';
  return obstacles.some(({ truth }) => truth === 'unknown') ? 'unknown' : 'does not match';
}

/** How a condition is called where both sides of a rule are spoken of. */
export function labelOf({ name, side }: ConditionTrace): string {
  return side === 'unless' ? `unless ${name}` : name;
}

/** A place for people: `greymilter.yaml:40`. */
export function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

const nameOfSetting: Readonly<Record<string, keyof RuleSettings>> = {
  delay: 'delayMs',
  'retry-window': 'retryWindowMs',
  autowhite: 'autowhiteMs',
  'network.ipv4': 'ipv4',
  'network.ipv6': 'ipv6',
  stage: 'stage',
  mode: 'mode',
  log: 'log',
};

/** The settings that result, those of greylisting only where it decides. */
export function settingsInForce(explanation: Explanation): readonly SettingInForce[] {
  const { terms, ruling, rules, stage, triplet } = explanation;
  const { greylist, mode, log, headers } = terms;
  const { delayMs, retryWindowMs, autowhiteMs, network } = greylist;
  const timings: readonly (readonly [string, string])[] =
    triplet === undefined
      ? []
      : [
          ['delay', formatDuration(delayMs)],
          ['retry-window', formatDuration(retryWindowMs)],
          ['autowhite', formatDuration(autowhiteMs)],
          triplet.client.family === 4
            ? ['network.ipv4', String(network.ipv4)]
            : ['network.ipv6', String(network.ipv6)],
        ];
  const setBy = rulesThatSet(rules, ruling);
  return [
    ...timings,
    ['stage', stage] as const,
    ['mode', mode] as const,
    ['log', log] as const,
    ...headers.map(({ name, value }) => ['header', `${name}: ${value.text}`] as const),
  ].map(([name, value]) => ({ name, value, by: setBy.get(nameOfSetting[name] ?? 'headers') }));
}

/** Of several rules that set the same the last one counts. */
function rulesThatSet(
  rules: Explanation['rules'],
  ruling: Explanation['ruling'],
): ReadonlyMap<string, Rule> {
  const settings = ruling?.settings ?? {};
  return new Map(
    rules.flatMap(({ rule, match }) =>
      match === 'match'
        ? Object.keys(rule.settings)
            .filter((key) => Object.hasOwn(settings, key))
            .map((key) => [key, rule] as const)
        : [],
    ),
  );
}
