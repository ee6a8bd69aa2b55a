import assert from 'node:assert/strict';

import * as kinds from '../../src/config/schema-kinds.js';
import type {
  AnyConditionKind,
  CompileContext,
  Condition,
  Evaluation,
  Truth,
} from '../../src/rules/condition.js';
import { noDefinitions } from '../../src/rules/lookup-definitions.js';
import { listKinds } from '../../src/rules/sets/list-kinds.js';
import type { ListKind } from '../../src/rules/sets/list-kinds.js';
import { wholeRecipient, writtenSender } from './address-forms.js';
import { createEvaluation } from './rule-parts.js';
import { finish } from '../../src/rules/steps.js';

/** Named lists as they would be written, each with its entries by kind. */
export type WrittenLists = Readonly<
  Record<string, Readonly<Partial<Record<ListKind, readonly string[]>>>>
>;

/** What else a condition is compiled with. */
export interface RigOptions {
  readonly lists?: WrittenLists;
  readonly context?: Partial<Omit<CompileContext, 'list'>>;
}

/** Reads a condition as it is written in a configuration, and compiles it. */
export function compileWritten(
  kind: AnyConditionKind,
  written: unknown,
  { lists = {}, context = {} }: RigOptions = {},
): Condition {
  const decoded = kinds.decode(schemaOf(kind), written);
  assert.ok('ok' in decoded, JSON.stringify(decoded));
  return kind.compile(decoded.ok, {
    id: 'rule 1',
    timeZone: () => 'UTC',
    definitions: noDefinitions,
    complain: (path, problem) => assert.fail(`${path.join('.')} ${problem}`),
    addresses: { sender: writtenSender, recipient: wholeRecipient },
    place: (path) => `rules.yaml ${path.join('.')}`.trimEnd(),
    list: (listKind, name, path) => {
      const entries = lists[name]?.[listKind];
      assert.ok(entries, `list ${name} with ${listKind}, named at ${path.join('.')}`);
      return finish(createSet(listKind, entries, name));
    },
    ...context,
  });
}

function createSet<Kind extends ListKind>(kind: Kind, texts: readonly string[], name: string) {
  const spec = listKinds[kind];
  return spec.create(
    texts.map((text, index) => {
      const parsed = spec.parse(text);
      assert.ok('ok' in parsed, text);
      return { value: parsed.ok, place: `${name}:${index + 1}` };
    }),
  );
}

/** What is wrong with a condition as it is written; nothing if it is fine. */
export function issuesOfWritten(kind: AnyConditionKind, written: unknown): readonly string[] {
  const decoded = kinds.decode(schemaOf(kind), written);
  if ('ok' in decoded) return [];
  return decoded.issues.map((issue) => {
    const place = issue.path.join('.');
    return 'problem' in issue ? `${place}: ${issue.problem}` : `${place}: ${issue.kind}`;
  });
}

/** How a condition is written again once it has been read. */
export function writtenAgain(kind: AnyConditionKind, written: unknown): unknown {
  const schema = schemaOf(kind);
  const decoded = kinds.decode(schema, written);
  assert.ok('ok' in decoded, JSON.stringify(decoded));
  return kinds.encode(schema, decoded.ok);
}

/** What a condition says, and what it has noted meanwhile. */
export async function ask(
  condition: Condition,
  evaluation: Evaluation = createEvaluation(),
): Promise<{ readonly truth: Truth; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const note = (finding: string): void => void notes.push(finding);
  const truth = await condition.test({ ...evaluation, note });
  // Nobody listens as a rule, which must not make a difference.
  assert.equal(await condition.test(evaluation), truth);
  return { truth, notes };
}

function schemaOf(kind: AnyConditionKind) {
  // Every schema is made by the kinds that are handed in.
  return kind.schema(kinds) as Parameters<typeof kinds.decode>[0];
}
