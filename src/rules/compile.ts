import type { WrittenCondition, WrittenRule } from '../config/rules-section.js';
import type { Stage } from '../greylist/attempt.js';
import type { Condition, Needs } from './condition.js';
import { ListStore } from './list-store.js';
import { mergeNeeds } from './merge-needs.js';
import { conditionsOf, formatPlace, ruleName, ruleSections } from './program-source.js';
import type { Path, ProgramSource, RuleIssue } from './program-source.js';
import { findProgramWarnings } from './program-warnings.js';
import { effectsOf, macrosOfTexts, settingsOf } from './rule-settings.js';
import type { Program, Rule } from './rule.js';
import type { Steps } from './steps.js';

/** A program, and what is wrong or doubtful about it. */
export interface CompiledProgram {
  readonly program: Program;
  /** What makes it unusable: names of what there is not. */
  readonly errors: readonly RuleIssue[];
  readonly warnings: readonly RuleIssue[];
}

const STAGES: readonly Stage[] = ['connect', 'helo', 'mail', 'rcpt', 'data', 'eom'];

/** Compiles all rules. Without side effects; what is compiled keeps no hold on the source. */
export function* compileProgram(source: ProgramSource): Steps<CompiledProgram> {
  const lists = new ListStore(source.lists);
  yield* lists.compile();
  const compiler: Compiler = { source, lists, needs: [], errors: [] };
  const sections: Rule[][] = [];
  for (const [section, written] of ruleSections(source)) {
    const compiled: Rule[] = [];
    for (const [index, rule] of written.entries()) {
      yield;
      compiled.push(compileRule(compiler, section, rule, index));
    }
    sections.push(compiled);
  }
  const [rules = [], messageRules = []] = sections;
  const program = { rules, messageRules, needs: mergeNeeds(compiler.needs) };
  const warnings = yield* findProgramWarnings(source, lists);
  return { program, errors: [...lists.missing, ...compiler.errors], warnings };
}

interface Compiler {
  readonly source: ProgramSource;
  readonly lists: ListStore;
  readonly needs: Needs[];
  readonly errors: RuleIssue[];
}

function compileRule(
  compiler: Compiler,
  section: string,
  written: WrittenRule,
  index: number,
): Rule {
  const { source } = compiler;
  const name = ruleName(section, index, written.name);
  const sideOf = (side: 'when' | 'unless'): readonly Condition[] =>
    conditionsOf(written, side).map((condition) => {
      const path = [section, index, side, condition.name];
      return compileCondition(compiler, condition, path, `${section}/${name}/${side}`);
    });
  const effects = effectsOf(written);
  const macros = macrosOfTexts(written);
  if (macros.length > 0) compiler.needs.push({ macros });
  if (written.footer !== undefined) compiler.needs.push({ headers: true, body: true, text: true });
  if (written['subject-tag'] !== undefined) compiler.needs.push({ headers: true });
  return {
    name,
    place: source.placeOf([section, index]),
    when: sideOf('when'),
    unless: sideOf('unless'),
    decidableAt: lastStage(written, source.kinds),
    onUnknown: written['on-unknown'] ?? 'no-match',
    action: written.then,
    settings: settingsOf(written),
    ...(effects !== undefined && { effects }),
  };
}

function lastStage(rule: WrittenRule, kinds: ProgramSource['kinds']): Stage {
  const conditions = [...conditionsOf(rule, 'when'), ...conditionsOf(rule, 'unless')];
  const stages = conditions.map(({ name, value }) => {
    const kind = kinds[name];
    return STAGES.indexOf(kind?.stageOf?.(value) ?? kind?.stage ?? 'connect');
  });
  return STAGES[Math.max(0, ...stages)] ?? 'connect';
}

function compileCondition(
  { source, lists, needs, errors }: Compiler,
  { name, value }: WrittenCondition,
  path: Path,
  within: string,
): Condition {
  const kind = source.kinds[name];
  if (kind === undefined) throw new TypeError(`There is no condition ${name}`);
  const needed = kind.needs?.(value, source.definitions);
  if (needed !== undefined) needs.push(needed);
  return kind.compile(value, {
    id: `${within}/${name}`,
    timeZone: source.timeZone,
    localAddress: source.localAddress,
    definitions: source.definitions,
    complain: (below, problem, hint) => errors.push({ path: [...path, ...below], problem, hint }),
    addresses: source.addresses,
    place: (below) => formatPlace(source.placeOf([...path, ...below])),
    list: (listKind, listName, below) => lists.get(listKind, listName, [...path, ...below]),
  });
}
