import type { WrittenCondition, WrittenRule } from '../config/rules-section.js';
import type { AnyConditionKind, CompileContext } from './condition.js';
import type { LookupDefinitions } from './lookup-definitions.js';
import type { ListContents } from './list-store.js';
import type { Place } from './rule.js';

/** Where something stands in the configuration: keys, and places in lists. */
export type Path = readonly (string | number)[];

/** Something about rules that somebody should know. */
export interface RuleIssue {
  /** Where it is, in the configuration's keys. */
  readonly path: Path;
  readonly problem: string;
  readonly hint: string | undefined;
}

/** What rules are compiled of. */
export interface ProgramSource {
  readonly rules: readonly WrittenRule[];
  readonly messageRules: readonly WrittenRule[];
  readonly lists: ListContents;
  /** The kinds of conditions by their keys. */
  readonly kinds: Readonly<Record<string, AnyConditionKind>>;
  readonly timeZone: CompileContext['timeZone'];
  readonly definitions: LookupDefinitions;
  readonly localAddress?: CompileContext['localAddress'];
  readonly addresses: CompileContext['addresses'];
  /** Where something was written, or the nearest thing around it. */
  placeOf(path: Path): Place;
}

/** The rules of one section with the key that it has. */
export const ruleSections = (
  source: Pick<ProgramSource, 'rules' | 'messageRules'>,
): readonly (readonly [key: string, rules: readonly WrittenRule[]])[] => [
  ['rules', source.rules],
  ['message-rules', source.messageRules],
];

/** What a rule is called: as written, or by its position from 1. */
export function ruleName(section: string, index: number, name: string | undefined): string {
  return name ?? `${section === 'rules' ? 'rule' : 'message rule'} ${index + 1}`;
}

/** A place for people: `greymilter.yaml:40`. */
export function formatPlace({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** The conditions of one side of a rule, in their order. */
export function conditionsOf(
  rule: WrittenRule,
  side: 'when' | 'unless',
): readonly WrittenCondition[] {
  return Object.values(rule[side] ?? {}).filter((condition) => condition !== undefined);
}
