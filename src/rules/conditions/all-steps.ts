import type { CompileContext, Condition, Evaluation, Truth } from '../condition.js';
import type { MaybePromise } from '../lookups.js';
import type { ConditionTable } from './all.js';

type Path = readonly (string | number)[];

/** Something that is asked, with what it consists of. */
interface Part {
  /** What it consists of, for those who want to know what is asked. */
  readonly conditions: readonly Condition[];
  readonly test: (evaluation: Evaluation) => MaybePromise<Truth>;
}

/** Compiles the steps of one condition; the condition is free if all of theirs are. */
export function compileSteps(
  steps: readonly Readonly<Record<string, unknown>>[],
  table: ConditionTable,
  context: CompileContext,
): Condition {
  const compiler = { table, context };
  const parts = steps.map((step, index) => compileStep(step, compiler, [index]));
  const conditions = parts.flatMap((part) => part.conditions);
  return {
    name: 'all',
    isLookup: conditions.some(({ isLookup }) => isLookup),
    isCounting: parts.some(doesCount),
    parts: conditions,
    test: allOf(parts).test,
  };
}

interface Compiler {
  readonly table: ConditionTable;
  readonly context: CompileContext;
}

function compileStep(
  step: Readonly<Record<string, unknown>>,
  compiler: Compiler,
  path: Path,
): Part {
  const { not, 'on-unknown': onUnknown, ...side } = step;
  const parts = [...partsOfSide(side, compiler, path)];
  if (isMapping(not)) parts.push(negated(allInTurn(partsOfSide(not, compiler, [...path, 'not']))));
  const whole = allInTurn(parts);
  if (onUnknown === undefined) return whole;
  const told: Truth = onUnknown === 'match' ? 'yes' : 'no';
  return mapped(whole, (truth) => (truth === 'unknown' ? told : truth));
}

/** Conditions, and alternatives beside them. */
function partsOfSide(
  { any, ...conditions }: Readonly<Record<string, unknown>>,
  compiler: Compiler,
  path: Path,
): readonly Part[] {
  const block = partsOfBlock(conditions, compiler, path);
  if (!Array.isArray(any)) return block;
  const blocks = any
    .filter(isMapping)
    .map((one, index) => allInTurn(partsOfBlock(one, compiler, [...path, 'any', index])));
  return [...block, anyOf(blocks)];
}

/** As in a rule: what asks nobody comes first. */
function partsOfBlock(
  block: Readonly<Record<string, unknown>>,
  compiler: Compiler,
  path: Path,
): readonly Part[] {
  return Object.values(block)
    .filter(isWritten)
    .map((written) => compileOne(written, compiler, path))
    .toSorted((a, b) => Number(a.isLookup) - Number(b.isLookup))
    .map(asPart);
}

/** All of what stands together; as in a rule, what counts only what all else lets through comes last. */
function allInTurn(parts: readonly Part[]): Part {
  return allOf(parts.toSorted((a, b) => Number(doesCount(a)) - Number(doesCount(b))));
}

function doesCount({ conditions }: Part): boolean {
  return conditions.some(({ isCounting }) => isCounting === true);
}

function compileOne(
  { name, value }: { readonly name: string; readonly value: unknown },
  { table, context }: Compiler,
  path: Path,
): Condition {
  const kind = table[name];
  if (kind === undefined) throw new TypeError(`There is no condition ${name}`);
  const at = [...path, name];
  return kind.compile(value, {
    ...context,
    id: [context.id, ...at].join('/'),
    place: (below) => context.place([...at, ...below]),
    list: (listKind, listName, below) => context.list(listKind, listName, [...at, ...below]),
  });
}

function asPart(condition: Condition): Part {
  return {
    conditions: [condition],
    test: (evaluation) => {
      const { note } = evaluation;
      if (note === undefined) return condition.test(evaluation);
      // Here nobody else says which condition it is that has found something.
      return condition.test({
        ...evaluation,
        note: (finding) => note(`${condition.name}: ${finding}`),
      });
    },
  };
}

/** All that must hold; the first that does not, or is not known, ends it. */
function allOf(parts: readonly Part[]): Part {
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return only;
  return joined(
    parts,
    (truth) => truth !== 'yes',
    () => 'yes',
  );
}

/** One that holds is enough; it is not known where one that is not known might have. */
function anyOf(parts: readonly Part[]): Part {
  return joined(
    parts,
    (truth) => truth === 'yes',
    (truths) => (truths.includes('unknown') ? 'unknown' : 'no'),
  );
}

/** Asks one after the other, until the answer of one ends it. */
function joined(
  parts: readonly Part[],
  ends: (truth: Truth) => boolean,
  conclude: (truths: readonly Truth[]) => Truth,
): Part {
  const askFrom = (
    first: number,
    before: readonly Truth[],
    evaluation: Evaluation,
  ): MaybePromise<Truth> => {
    const truths = [...before];
    for (const [index, part] of parts.entries()) {
      if (index < first) continue;
      const truth = part.test(evaluation);
      if (truth instanceof Promise) {
        return truth.then((late) =>
          ends(late) ? late : askFrom(index + 1, [...truths, late], evaluation),
        );
      }
      if (ends(truth)) return truth;
      truths.push(truth);
    }
    return conclude(truths);
  };
  return {
    conditions: parts.flatMap(({ conditions }) => conditions),
    test: (evaluation) => askFrom(0, [], evaluation),
  };
}

function mapped({ conditions, test }: Part, map: (truth: Truth) => Truth): Part {
  return {
    conditions,
    test: (evaluation) => {
      const truth = test(evaluation);
      return truth instanceof Promise ? truth.then(map) : map(truth);
    },
  };
}

const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

function negated(part: Part): Part {
  const conditions = part.conditions.map((condition) => ({ ...condition, isNegated: true }));
  return { ...mapped(part, (truth) => OPPOSITE[truth]), conditions };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWritten(value: unknown): value is { readonly name: string; readonly value: unknown } {
  return isMapping(value) && 'name' in value && 'value' in value;
}
