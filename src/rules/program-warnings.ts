import type { WrittenCondition, WrittenRule } from '../config/rules-section.js';
import { conditionsOf, formatPlace, ruleName, ruleSections } from './program-source.js';
import type { ProgramSource, RuleIssue } from './program-source.js';
import { coveringTexts } from './entry-cover.js';
import { countEntries, entriesOf } from './condition-entries.js';
import type { PlacedEntry } from './condition-entries.js';
import type { ListStore } from './list-store.js';
import { meetsRoamingUsers } from './roaming-users.js';
import { visitInSteps, type Steps } from './steps.js';

/** The rules of one section on their way through the checks. */
interface Section {
  readonly source: ProgramSource;
  readonly key: string;
  readonly rules: readonly WrittenRule[];
}

/** How many entries one warning names; whoever has more mends these and asks again. */
const EXAMPLES = 3;

/** Longer lists are made by programs; comparing them would hold a reload, and mail, up. */
const MOST_COMPARED = 10_000;

/** What somebody learns before a recipient is known. */
const EARLY: Readonly<Record<string, number>> = { connect: 0, helo: 1, mail: 2 };

/** Conditions that are known at RCPT, or that a client may change by then. */
const LATE_FACTS = ['login', 'sender', 'sender-authenticated', 'recipient'];

/** Conditions that whoever sends can choose, or that hold for everybody now and then. */
const ANYBODY = ['sender', 'helo', 'time', 'recipients', 'size'];

/** What is fine each by itself, but hardly meant. */
export function* findProgramWarnings(
  source: ProgramSource,
  lists: Pick<ListStore, 'used'>,
): Steps<readonly RuleIssue[]> {
  const sections = ruleSections(source).map(([key, rules]) => ({ source, key, rules }));
  const found: RuleIssue[] = [];
  for (const section of sections) {
    found.push(...findUnreachable(section));
    found.push(...(yield* findCovered(section)));
    for (const find of [findEmpty, findEarlyVerdicts, findForgeable]) {
      yield;
      found.push(...find(section));
    }
  }
  return [...found, ...findUnused(source, lists)];
}

function describeRule({ source, key, rules }: Section, index: number): string {
  const place = formatPlace(source.placeOf([key, index]));
  return `"${ruleName(key, index, rules[index]?.name)}" (${place})`;
}

function isUnconditional(rule: WrittenRule): boolean {
  return rule.when === undefined && rule.unless === undefined && rule.then !== 'continue';
}

/** Rules behind one that is for everybody; the first of them stands for the rest. */
function findUnreachable(section: Section): readonly RuleIssue[] {
  const { key, rules } = section;
  const last = rules.findIndex(isUnconditional);
  if (last < 0 || last === rules.length - 1) return [];
  const count = rules.length - 1 - last;
  const rest = count === 1 ? '' : `, nor do the ${count - 1} behind it`;
  const hint = `${describeRule(section, last)} is for everybody: move it to the end`;
  return [{ path: [key, last + 1], problem: `never matches${rest}`, hint }];
}

/** Whom rules of one condition alone decide for, those so far. */
interface Cover {
  /** Entries as they are written, each with the first rule that has it. */
  readonly texts: Map<string, { readonly place: string; readonly rule: number }>;
  /** Prefix lengths of the networks among them. */
  readonly prefixes: Set<number>;
}

/** Adds a rule that has one condition alone: whom it decides for, no later rule does. */
function widen(cover: Cover, { source, key, rules }: Section, index: number): void {
  const rule = rules[index];
  if (rule === undefined || rule.then === 'continue' || rule.unless !== undefined) return;
  const [only, second] = conditionsOf(rule, 'when');
  if (only === undefined || second !== undefined || rule.stage !== undefined) return;
  if (source.kinds[only.name]?.isLookup !== false) return;
  if ((countEntries(source, only.value) ?? 0) > MOST_COMPARED) return;
  const entries = entriesOf(source, only.value, [key, index, 'when', only.name]) ?? [];
  for (const { value: entry, place } of entries) {
    // A single address is written without its prefix.
    const text = entry.network?.text ?? entry.text;
    if (!cover.texts.has(text)) cover.texts.set(text, { place, rule: index });
    if (entry.network !== undefined) cover.prefixes.add(entry.network.prefix);
  }
}

/** Entries for which an earlier rule decides already. */
function* findCovered(section: Section): Steps<readonly RuleIssue[]> {
  const { source, key, rules } = section;
  const end = rules.findIndex(isUnconditional);
  const covers = new Map<string, Cover>();
  const warnings: RuleIssue[] = [];
  for (const [index, rule] of rules.slice(0, end < 0 ? undefined : end).entries()) {
    for (const { name, value } of conditionsOf(rule, 'when')) {
      yield;
      const path = [key, index, 'when', name];
      const cover = covers.get(name) ?? { texts: new Map(), prefixes: new Set() };
      covers.set(name, cover);
      const count = countEntries(source, value) ?? 0;
      const isAsked = cover.texts.size > 0 && count <= MOST_COMPARED;
      const found = isAsked
        ? yield* findCoveredIn(entriesOf(source, value, path) ?? [], cover)
        : [];
      widen(cover, section, index);
      if (found.length > 0) warnings.push(toWarning(section, path, found, count));
    }
  }
  return warnings;
}

function* findCoveredIn(entries: readonly PlacedEntry[], cover: Cover): Steps<readonly Covered[]> {
  const found: Covered[] = [];
  yield* visitInSteps(entries, (entry) => found.push(...coveredBy(entry, cover)));
  return found;
}

interface Covered {
  readonly covered: PlacedEntry;
  readonly by: string;
  readonly at: string;
  readonly rule: number;
}

/** The first rule that decides for an entry, if there is one. */
function coveredBy(covered: PlacedEntry, { texts, prefixes }: Cover): readonly Covered[] {
  const { value: entry } = covered;
  const canonical = entry.network === undefined ? entry : { ...entry, text: entry.network.text };
  let first: Covered | undefined;
  for (const by of coveringTexts(canonical, prefixes)) {
    const found = texts.get(by);
    if (found === undefined || (first !== undefined && first.rule <= found.rule)) continue;
    first = { covered, by, at: found.place, rule: found.rule };
  }
  return first === undefined ? [] : [first];
}

function toWarning(
  section: Section,
  path: RuleIssue['path'],
  found: readonly Covered[],
  total: number,
): RuleIssue {
  const [first] = found;
  const shown = found
    .slice(0, EXAMPLES)
    .map(({ covered }) => `${covered.value.text} (${covered.place})`);
  const more = found.length > EXAMPLES ? ` and ${found.length - EXAMPLES} more` : '';
  const decides = first === undefined ? '' : describeRule(section, first.rule);
  return {
    path,
    problem:
      found.length === total
        ? 'never matches: an earlier rule decides for all of its entries'
        : `has entries for which an earlier rule decides: ${shown.join(', ')}${more}`,
    hint: `${decides} has ${first?.by ?? ''} (${first?.at ?? ''}): put the narrower rule first`,
  };
}

/** Conditions without a single entry, because the lists that they name are empty. */
function findEmpty({ source, key, rules }: Section): readonly RuleIssue[] {
  return rules.flatMap((rule, index) =>
    (['when', 'unless'] as const).flatMap((side) =>
      conditionsOf(rule, side)
        .filter(({ value }) => countEntries(source, value) === 0)
        .map(({ name }) => ({
          path: [key, index, side, name],
          problem: 'has no entries, and so never holds',
          hint:
            side === 'when' ? 'the rule never matches: fill the list' : 'nobody is left out by it',
        })),
    ),
  );
}

/** Verdicts that are given before what rules test is known. */
function findEarlyVerdicts(section: Section): readonly RuleIssue[] {
  const { source, key, rules } = section;
  return rules.flatMap((rule, index): readonly RuleIssue[] => {
    const stage = rule.stage === undefined ? undefined : EARLY[rule.stage];
    if (stage === undefined || rule.stage === undefined) return [];
    const path = [key, index, 'stage'];
    const needs = (at: number): string | undefined =>
      allConditionsOf(rules[at]).find((condition) => isLater(source, condition, stage))?.name;
    const own = needs(index);
    if (own !== undefined) {
      const problem = `is ${rule.stage}, where ${own} is not known yet`;
      return [{ path, problem, hint: `the rule cannot answer there: remove ${own} or the stage` }];
    }
    const before = rules.findIndex((_, at) => at < index && needs(at) !== undefined);
    if (before < 0) return [...dropsText(rule, path), ...findTurnedAway(rule, path)];
    const what = `${describeRule(section, before)} tests ${needs(before) ?? ''}`;
    const problem = `answers at ${rule.stage}, before an earlier rule can`;
    return [{ path, problem, hint: `${what}, which is known later: move this rule before it` }];
  });
}

function allConditionsOf(rule: WrittenRule | undefined): readonly WrittenCondition[] {
  return rule === undefined ? [] : [...conditionsOf(rule, 'when'), ...conditionsOf(rule, 'unless')];
}

function isLater(
  { kinds }: ProgramSource,
  { name, value }: WrittenCondition,
  stage: number,
): boolean {
  const kind = kinds[name];
  const known = EARLY[kind?.stageOf?.(value) ?? kind?.stage ?? 'connect'];
  return known === undefined || known > stage || (LATE_FACTS.includes(name) && stage < 2);
}

function dropsText(rule: WrittenRule, path: RuleIssue['path']): readonly RuleIssue[] {
  const hasReply = [rule.code, rule.enhanced, rule.text].some((part) => part !== undefined);
  if (rule.stage !== 'connect' || !hasReply) return [];
  const hint = 'write helo, or later, for a client to see it';
  return [{ path, problem: 'is connect, where Sendmail leaves code and text out', hint }];
}

function findTurnedAway(rule: WrittenRule, path: RuleIssue['path']): readonly RuleIssue[] {
  if (!meetsRoamingUsers(rule)) return [];
  const problem =
    'comes before anybody can log in: your own users at home or on the road are turned away, too';
  const hint =
    'write mail, or later; or if they have a listener of their own: unless: {macro: {daemon_name: MSA}}';
  return [{ path, problem, hint }];
}

/** Exceptions for whoever knows, or guesses, what to say. */
function findForgeable({ key, rules }: Section): readonly RuleIssue[] {
  return rules.flatMap((rule, index) => {
    const names = conditionsOf(rule, 'when').map(({ name }) => name);
    const isAnybody = rule.then === 'accept' && names.every((name) => ANYBODY.includes(name));
    if (!isAnybody || !names.includes('sender')) return [];
    const problem = 'lets everybody pass who uses such a sender, which is easily forged';
    const hint = 'add spf pass, or write sender-authenticated, to let it pass only if SPF passes';
    return [{ path: [key, index, 'when', 'sender'], problem, hint }];
  });
}

function findUnused(source: ProgramSource, { used }: Pick<ListStore, 'used'>) {
  return [...source.lists.keys()]
    .filter((name) => !used.has(name))
    .map((name): RuleIssue => ({
      path: ['lists', name],
      problem: 'is a list that no rule names',
      hint: `name it in a rule, or remove it`,
    }));
}
