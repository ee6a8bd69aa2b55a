import type { Condition, Evaluation, Truth } from './condition.js';
import type { MaybePromise } from './lookups.js';
import { applyOverrides } from './rule-override.js';
import type { Rule, RuleSettings, Ruling } from './rule.js';

/** Whether a rule matches; `tempfail` where it cannot be known and the rule says so. */
type Match = 'match' | 'no-match' | 'tempfail';

const noSettings: RuleSettings = Object.freeze({});
/** What happens where no rule matches. */
const greylistEverybodyElse: Ruling = Object.freeze({
  action: 'greylist',
  rule: undefined,
  settings: noSettings,
});

/** Hears how each rule fared, for `explain` and the debug log. */
export interface Trail {
  rule(rule: Rule): void;
  /** What a condition found, in words, before its truth. */
  note(condition: Condition, finding: string): void;
  condition(condition: Condition, side: 'when' | 'unless', truth: Truth): void;
  outcome(rule: Rule, match: Match): void;
}

/**
 * Asks the rules one after the other; the first that matches decides, but for `continue`, whose
 * settings are kept. Within a rule the conditions that ask nobody come first, and what has to be
 * looked up is looked up at once and only if the rest leaves it open. What counts is asked last, so that
 * nobody is counted about whom anything else says no.
 *
 * @returns a promise only if a lookup has to be waited for
 */
export function evaluateRules(
  rules: readonly Rule[],
  evaluation: Evaluation,
  trail?: Trail,
): MaybePromise<Ruling> {
  return evaluateFrom({ rules, evaluation, trail }, 0, noSettings);
}

interface Course {
  readonly rules: readonly Rule[];
  readonly evaluation: Evaluation;
  readonly trail: Trail | undefined;
}

function evaluateFrom(course: Course, first: number, before: RuleSettings): MaybePromise<Ruling> {
  const { rules, evaluation, trail } = course;
  let settings = before;
  for (let index = first; index < rules.length; index++) {
    const rule = rules[index];
    if (rule === undefined) break;
    trail?.rule(rule);
    evaluation.texts.begin(rule);
    // To set the length takes longer than all else about a rule that does not match.
    if (evaluation.overrides.length > 0) evaluation.overrides.length = 0;
    const match = matchRule(rule, evaluation, trail);
    if (match instanceof Promise) {
      const soFar = settings;
      return match.then((found) => {
        const ruling = conclude(rule, found, soFar, course);
        return 'action' in ruling ? ruling : evaluateFrom(course, index + 1, ruling.settings);
      });
    }
    const ruling = conclude(rule, match, settings, course);
    if ('action' in ruling) return ruling;
    settings = ruling.settings;
  }
  return settings === noSettings
    ? greylistEverybodyElse
    : { action: 'greylist', rule: undefined, settings };
}

/** The ruling, or the settings to go on with. */
function conclude(
  rule: Rule,
  match: Match,
  settings: RuleSettings,
  { evaluation, trail }: Course,
): Ruling | { readonly settings: RuleSettings } {
  trail?.outcome(rule, match);
  if (match === 'no-match') return { settings };
  if (match === 'tempfail') return { action: 'tempfail', rule, settings: noSettings };
  const { action, settings: own } = applyOverrides(rule, evaluation);
  for (const effect of rule.effects ?? []) effect(evaluation);
  const all = settings === noSettings ? own : withSettings(settings, own);
  return action === 'continue' ? { settings: all } : { action, rule, settings: all };
}

const merged = new WeakMap<RuleSettings, WeakMap<RuleSettings, RuleSettings>>();

/** The same settings for the same rules: what is derived of them is derived once. */
function withSettings(before: RuleSettings, own: RuleSettings): RuleSettings {
  const known = merged.get(before) ?? new WeakMap<RuleSettings, RuleSettings>();
  merged.set(before, known);
  const settings = known.get(own) ?? mergeSettings(before, own);
  known.set(own, settings);
  return settings;
}

/** What a rule sets goes on top; header fields are added to those that others add, or take them away. */
function mergeSettings(before: RuleSettings, own: RuleSettings): RuleSettings {
  if (before.headers === undefined) return { ...before, ...own };
  const { headers = [], withoutHeaders = [] } = own;
  const gone = new Set([...withoutHeaders, ...headers.map(({ name }) => name.toLowerCase())]);
  const kept = before.headers.filter(({ name }) => !gone.has(name.toLowerCase()));
  return { ...before, ...own, headers: [...kept, ...headers] };
}

function matchRule(
  rule: Rule,
  evaluation: Evaluation,
  trail: Trail | undefined,
): MaybePromise<Match> {
  const when = testFree(rule.when, 'when', evaluation, trail);
  if (when === 'no') return 'no-match';
  const unless =
    rule.unless.length === 0 ? 'no' : testFree(rule.unless, 'unless', evaluation, trail);
  if (unless === 'yes') return 'no-match';
  if (when === 'yes' && unless === 'no') return 'match';
  return looksUp(rule)
    ? lookUp(rule, { when, unless }, evaluation, trail)
    : countIn(rule, { when: asTruth(when), unless: asTruth(unless) }, { evaluation, trail });
}

type Side = 'when' | 'unless';
/** What the free conditions of a side leave: all hold, one does not, or others have to tell. */
type SideSoFar = 'yes' | 'no' | 'open';
/** What is known of both sides. */
type Sides = Readonly<Record<Side, Truth>>;
type Asking = Pick<Course, 'evaluation' | 'trail'>;

function testFree(
  conditions: readonly Condition[],
  side: Side,
  evaluation: Evaluation,
  trail: Trail | undefined,
): SideSoFar {
  let isOpen = false;
  for (const condition of conditions) {
    if (condition.isLookup || condition.isCounting === true) {
      isOpen = true;
      continue;
    }
    const truth = ask(condition, evaluation, trail);
    // A condition that is free answers at once, and knows.
    const known = truth instanceof Promise ? 'unknown' : truth;
    trail?.condition(condition, side, known);
    if (known !== 'yes') return 'no';
  }
  return isOpen ? 'open' : 'yes';
}

function looksUp({ when, unless }: Rule): boolean {
  return when.some(({ isLookup }) => isLookup) || unless.some(({ isLookup }) => isLookup);
}

/** Of a side about which nothing was found that does not hold. */
function asTruth(soFar: SideSoFar): Truth {
  return soFar === 'open' ? 'yes' : soFar;
}

async function lookUp(
  rule: Rule,
  soFar: Readonly<Record<Side, SideSoFar>>,
  evaluation: Evaluation,
  trail: Trail | undefined,
): Promise<Match> {
  const [when, unless] = await Promise.all([
    askSide(rule.when, 'when', soFar.when, { evaluation, trail }),
    askSide(rule.unless, 'unless', soFar.unless, { evaluation, trail }),
  ]);
  return await countIn(rule, { when, unless }, { evaluation, trail });
}

/** What both sides come to. */
function matchOf(rule: Rule, { when, unless }: Sides): Match {
  if (when === 'no' || unless === 'yes') return 'no-match';
  return when === 'yes' && unless === 'no' ? 'match' : rule.onUnknown;
}

/** Asks what counts, first of what keeps a rule from matching, and only if nothing else says no. */
function countIn(rule: Rule, { when, unless }: Sides, asking: Asking): MaybePromise<Match> {
  if (matchOf(rule, { when, unless: 'no' }) === 'no-match') return 'no-match';
  const countWhen = (exempts: Truth): MaybePromise<Match> => {
    const match = matchOf(rule, { when, unless: exempts });
    if (match === 'no-match') return match;
    const holds = count(rule, { side: 'when', from: 0, soFar: when }, asking);
    if (!(holds instanceof Promise)) return matchOf(rule, { when: holds, unless: exempts });
    return holds.then((late) => matchOf(rule, { when: late, unless: exempts }));
  };
  const exempts = count(rule, { side: 'unless', from: 0, soFar: unless }, asking);
  return exempts instanceof Promise ? exempts.then(countWhen) : countWhen(exempts);
}

/** A place in the conditions of a side, and what was found before it. */
interface Counted {
  readonly side: Side;
  readonly from: number;
  readonly soFar: Truth;
}

/** Asks those that count one after the other, until one does not hold. */
function count(rule: Rule, { side, from, soFar }: Counted, asking: Asking): MaybePromise<Truth> {
  const conditions = rule[side];
  let truth = soFar;
  for (let index = from; truth !== 'no' && index < conditions.length; index++) {
    const condition = conditions[index];
    if (condition?.isCounting !== true) continue;
    const take = (own: Truth): Truth => {
      asking.trail?.condition(condition, side, own);
      return own === 'yes' ? truth : own;
    };
    const own = ask(condition, asking.evaluation, asking.trail);
    if (own instanceof Promise) {
      return own.then((late) => count(rule, { side, from: index + 1, soFar: take(late) }, asking));
    }
    truth = take(own);
  }
  return truth;
}

async function askSide(
  conditions: readonly Condition[],
  side: Side,
  soFar: SideSoFar,
  { evaluation, trail }: Pick<Course, 'evaluation' | 'trail'>,
): Promise<Truth> {
  if (soFar !== 'open') return soFar;
  const asked = conditions.filter(({ isLookup, isCounting }) => isLookup && isCounting !== true);
  const truths = await Promise.all(
    asked.map(async (condition) => {
      const truth = await ask(condition, evaluation, trail);
      trail?.condition(condition, side, truth);
      return truth;
    }),
  );
  if (truths.includes('no')) return 'no';
  return truths.includes('unknown') ? 'unknown' : 'yes';
}

function ask(
  condition: Condition,
  evaluation: Evaluation,
  trail: Trail | undefined,
): MaybePromise<Truth> {
  if (trail === undefined) return condition.test(evaluation);
  return condition.test({ ...evaluation, note: (finding) => trail.note(condition, finding) });
}
