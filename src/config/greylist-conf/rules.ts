import { parseRuleName } from '../rule-values.js';
import { translateClause } from './clauses.js';
import type { Context } from './context.js';
import type { Inheritance } from './inheritance.js';
import { at } from './placed.js';
import type { Mapping, Placed } from './placed.js';
import { translateOutcome } from './rule-values.js';
import type { Clause, Rule, Statement } from './syntax.js';
import type { Test } from './test.js';
import { writeConditions } from './write-conditions.js';

type Placeable = Rule & Pick<Statement, 'place' | 'lastLine'>;

/** How a rule stands among the others. */
export interface Standing {
  readonly name: string;
  readonly inherited: Inheritance;
}

/** A rule as it would be written here; undefined if it is left out. */
export function translateRule(
  rule: Placeable,
  { name, inherited }: Standing,
  context: Context,
): Placed | undefined {
  const scope = rule.values.find((value) => value.kind === 'tarpit_scope')?.scope;
  const use = {
    ...{ stage: rule.stage, action: rule.action },
    tarpitScope: scope ?? context.tarpitScope,
  };
  const asked = rule.clauses.map((clause) => ({
    clause,
    test: translateClause(clause, use, context),
  }));
  if (asked.some(({ test }) => test.kind === 'left-out')) return undefined;
  const never = asked.find(({ clause, test }) => !canHold(clause, test));
  if (never !== undefined) {
    const { clause, test } = never;
    const why = test.kind === 'constant' ? `: ${test.why}` : '';
    const problem = `never holds${why}; the rule is left out`;
    context.findings.note(clause.place, clause.kind, problem);
    return undefined;
  }
  const { then, settings } = translateOutcome(rule, inherited, context);
  const written: Mapping = {
    name: at(rule.place, name),
    ...writeConditions(asked, showsGroups(rule)),
    then,
    ...settings,
  };
  return at(rule.place, written);
}

/** Whether a text of the rule shows what its patterns have caught. */
function showsGroups({ values }: Rule): boolean {
  return values.some(
    (value) => 'format' in value && value.format.parts.some(({ kind }) => kind === 'group'),
  );
}

/** Whether a rule with this clause might ever match. */
function canHold({ isNegated }: Clause, test: Test): boolean {
  if (test.kind === 'constant') return test.truth !== isNegated;
  // What always holds never does not.
  return !(isNegated && test.kind === 'step');
}

/**
 * What the log calls rules: by what they are called in the file, or by the number of their last line,
 * as milter-greylist does. No two of ours may be called alike.
 */
export function nameRules(
  rules: readonly Placeable[],
  { findings }: Context,
): ReadonlyMap<Placeable, string> {
  const names = new Map<Placeable, string>();
  const taken = new Set<string>();
  for (const rule of rules) {
    const line = String(rule.lastLine);
    const wanted = (rule.id ?? line).trim();
    const isFine = 'ok' in parseRuleName(wanted) && !/^(?:message )?rule \d+$/.test(wanted);
    let name = isFine ? wanted : line;
    if (taken.has(name)) name = `${name.slice(0, 70)} ${line}`;
    if (name !== (rule.id ?? line)) {
      findings.note(rule.place, rule.keyword, `is called "${name}" in the log`);
    }
    taken.add(name);
    names.set(rule, name);
  }
  return names;
}

/**
 * The rules of a stage in the order in which they are asked: the historic one-line forms each went to
 * the head, so that the last of them comes first.
 */
export function inOrder(rules: readonly Placeable[], stage: 'rcpt' | 'data'): readonly Placeable[] {
  const ofStage = rules.filter((rule) => rule.stage === stage);
  const isHistoric = ({ keyword }: Rule): boolean => !/^(?:racl|dacl|acl)$/.test(keyword);
  return [
    ...ofStage.filter(isHistoric).toReversed(),
    ...ofStage.filter((rule) => !isHistoric(rule)),
  ];
}
