import type { WrittenCondition } from '../../config/rules-section.js';
import type { AnyConditionKind, ConditionKind, SchemaKinds } from '../condition.js';
import { latestStage } from '../latest-stage.js';
import { mergeNeeds } from '../merge-needs.js';
import { compileSteps } from './all-steps.js';

/** Kinds of conditions by their keys. */
export type ConditionTable = Readonly<Record<string, AnyConditionKind>>;

/** A mapping as it is read. */
type Keyed = Readonly<Record<string, unknown>>;

function schemaOf(kinds: SchemaKinds, table: ConditionTable) {
  const { choice, optional, required, section, sequence, shared, withChecks, wrapped } = kinds;
  const isFilled = (value: object) =>
    Object.keys(value).some((key) => key !== 'on-unknown')
      ? []
      : [{ path: [], problem: 'is empty', hint: 'write a condition' }];
  const conditions = Object.fromEntries(
    Object.entries(table).map(([name, kind]) => {
      const { meaning, expects } = kind.about;
      const condition = wrapped(
        kind.schema(kinds),
        (value): WrittenCondition => ({ name, value }),
        ({ value }) => value,
      );
      return [name, optional(shared(name, condition), { meaning, expects })] as const;
    }),
  );
  const block = shared('block', withChecks(section(conditions), isFilled));
  const about = { meaning: 'Conditions that must all hold.', expects: 'a mapping of conditions' };
  const alternatives = withChecks(sequence(required(block, about)), (blocks) =>
    blocks.length > 0 ? [] : [{ path: [], problem: 'is empty', hint: 'write a condition' }],
  );
  const any = optional(shared('alternatives', alternatives), {
    meaning: 'Blocks of conditions, of which one must hold.',
    expects: 'a list of mappings of conditions',
  });
  const not = optional(withChecks(section({ ...conditions, any }), isFilled), {
    meaning: 'Conditions that must not all hold.',
    expects: 'a mapping of conditions',
  });
  const onUnknown = optional(choice(['no-match', 'match']), {
    meaning: 'What a lookup without an answer makes of this step.',
    expects: 'no-match or match',
  });
  const step = withChecks(section({ ...conditions, any, not, 'on-unknown': onUnknown }), isFilled);
  return withChecks(sequence(required(step, about)), (steps) =>
    steps.length > 0 ? [] : [{ path: [], problem: 'is empty', hint: 'write a condition' }],
  );
}

/**
 * Conditions that are asked one after the other, as they are written: for rules that need several of
 * a kind, several exceptions, alternatives of different kinds, or a certain order.
 *
 * @param table the kinds of conditions that may stand in it
 */
export function allCondition(table: ConditionTable): ConditionKind<ReturnType<typeof schemaOf>> {
  return {
    name: 'all',
    about: {
      meaning:
        'Steps that must all hold, each a mapping of conditions. They are asked in their order, and the first that does not hold, or is not known, ends it. `not` is for conditions that must not hold, `any` for a list of alternatives; with `on-unknown` a step says for itself what a lookup without an answer makes of it.',
      expects: 'a list of mappings of conditions',
      example:
        "all: [{recipient: '@example.org'}, {not: {recipient: list@example.org}}, {any: [{client-name: missing}, {helo: missing}]}]",
    },
    stage: 'connect',
    stageOf: (steps) =>
      latestStage(
        writtenIn(steps).map(({ name, value }) => {
          const kind = table[name];
          return kind?.stageOf?.(value) ?? kind?.stage ?? 'connect';
        }),
      ),
    isLookup: false,
    schema: (kinds) => schemaOf(kinds, table),
    needs: (steps, definitions) =>
      mergeNeeds(
        writtenIn(steps).map(({ name, value }) => table[name]?.needs?.(value, definitions)),
      ),
    compile: (steps, context) => compileSteps(steps, table, context),
  };
}

/** All conditions in some steps, wherever they stand. */
function writtenIn(steps: readonly Keyed[]): readonly WrittenCondition[] {
  return steps.flatMap((step) =>
    Object.entries(step).flatMap(([key, value]) => {
      if (key === 'not' || key === 'any') return writtenIn([value].flat().filter(isKeyed));
      return [value].filter(isWritten);
    }),
  );
}

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null;
}

function isWritten(value: unknown): value is WrittenCondition {
  return isKeyed(value) && 'name' in value && 'value' in value;
}
