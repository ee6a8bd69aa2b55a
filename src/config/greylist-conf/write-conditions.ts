import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import type { Clause } from './syntax.js';
import type { Test } from './test.js';

/** A clause, and what it comes to. */
export interface AskedClause {
  readonly clause: Pick<Clause, 'isNegated' | 'place'>;
  readonly test: Test;
}

/** What is to be asked, of those that are not known already. */
type Asked = {
  readonly clause: AskedClause['clause'];
  readonly test: Extract<Test, { readonly kind: 'block' | 'any' | 'step' }>;
};

/**
 * The conditions of a rule. `when` and `unless` where that says it all, since that is how people
 * would write it; otherwise `all`, one step for each clause.
 *
 * @param isOrdered whether more than the verdict depends on what is asked first
 */
export function writeConditions(clauses: readonly AskedClause[], isOrdered: boolean): Mapping {
  const asked = clauses.flatMap(({ clause, test }): readonly Asked[] =>
    test.kind === 'block' || test.kind === 'any' || test.kind === 'step' ? [{ clause, test }] : [],
  );
  if (asked.length === 0) return {};
  return (isOrdered && asked.length > 1 ? undefined : writePlainly(asked)) ?? writeSteps(asked);
}

function unknownOf({ test }: Asked): 'no-match' | 'tempfail' | undefined {
  return test.kind === 'step' ? undefined : test.onUnknown;
}

/** Undefined if it takes steps. */
function writePlainly(asked: readonly Asked[]): Mapping | undefined {
  const when = asked.filter(({ clause }) => !clause.isNegated);
  const unless = asked.filter(({ clause }) => clause.isNegated);
  const blocks = asked.flatMap(({ test }) => (test.kind === 'block' ? [test.block] : []));
  if (blocks.length < asked.length || unless.length > 1) return undefined;
  const names = when.flatMap(({ test }) => (test.kind === 'block' ? Object.keys(test.block) : []));
  if (new Set(names).size < names.length || !isOrderFree(asked)) return undefined;
  const onUnknown = commonAnswer(asked);
  if (onUnknown === undefined) return undefined;
  const sideOf = (side: readonly Asked[]): Node => {
    const conditions = side.flatMap(({ test }) => (test.kind === 'block' ? [test.block] : []));
    if (conditions.length === 0) return undefined;
    return conditions.reduce<Mapping>((before, more) => ({ ...before, ...more }), {});
  };
  return {
    when: sideOf(when),
    unless: sideOf(unless),
    'on-unknown': onUnknown === 'no-match' ? undefined : onUnknown,
  };
}

/**
 * Whether it makes no difference what is asked first. It does where something is counted, unless
 * that comes last and behind what asks nobody; and where answers set what others look at.
 */
function isOrderFree(asked: readonly Asked[]): boolean {
  if (asked.length < 2) return true;
  const isFree = asked.every((one) => unknownOf(one) === undefined && !one.clause.isNegated);
  const counting = asked.findIndex(({ test }) => test.kind !== 'step' && test.counts === true);
  if (counting >= 0) return isFree && counting === asked.length - 1;
  return asked.every((one) => unknownOf(one) !== 'tempfail');
}

/** What the rule makes of questions without an answer, if that is the same for all of them. */
function commonAnswer(asked: readonly Asked[]): 'no-match' | 'match' | 'tempfail' | undefined {
  const answers = asked.flatMap((one): readonly ('no-match' | 'match' | 'tempfail')[] => {
    const unknown = unknownOf(one);
    if (unknown === undefined) return [];
    return [unknown === 'no-match' && one.clause.isNegated ? 'match' : unknown];
  });
  const [first = 'no-match', ...rest] = answers;
  return rest.every((answer) => answer === first) ? first : undefined;
}

function writeSteps(asked: readonly Asked[]): Mapping {
  const isTempfail = asked.some((one) => unknownOf(one) === 'tempfail');
  const steps = asked.map((one) => {
    const { clause, test } = one;
    const side: Mapping = test.kind === 'any' ? { any: test.blocks } : test.block;
    const unknown = unknownOf(one);
    const told =
      unknown !== 'no-match'
        ? undefined
        : clause.isNegated
          ? 'match'
          : isTempfail
            ? 'no-match'
            : undefined;
    return at(clause.place, {
      ...(clause.isNegated ? { not: side } : side),
      'on-unknown': told,
    });
  });
  return { when: { all: steps }, 'on-unknown': isTempfail ? 'tempfail' : undefined };
}
