import assert from 'node:assert/strict';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import type { Remark } from '../../../../src/config/greylist-conf/parser.js';

/** Something that was read, without where it stood, and formats by their text. */
export type Plain = Readonly<Record<string, unknown>>;

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== 'object' || value === null) return value;
  if ('parts' in value && 'text' in value) return value.text;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => key !== 'place' && key !== 'lastLine' && one !== undefined)
      .map(([key, one]) => [key, plainOf(one)]),
  );
}

/** The statements of a text that is right, and unremarkable. */
export function statementsOf(text: string): readonly Plain[] {
  const { statements, problems, notes } = parseGreylistConf(`${text}\n`);
  assert.deepEqual([...problems, ...notes], [], text);
  // Objects, as they were before.
  return statements.map((statement) => plainOf(statement) as Plain);
}

/** The last statement of a text that is right. */
export function statementOf(text: string): Plain {
  const statement = statementsOf(text).at(-1);
  assert.ok(statement !== undefined, text);
  return statement;
}

/** `2:5 has no condition; write default …`, for each thing that is wrong. */
export function problemsOf(text: string): readonly string[] {
  return parseGreylistConf(text).problems.map(shown);
}

export function notesOf(text: string): readonly string[] {
  const { problems, notes } = parseGreylistConf(text);
  assert.deepEqual(problems, [], text);
  return notes.map(shown);
}

function shown({ place, problem, hint }: Remark): string {
  const { line, column } = place;
  return `${line}:${column} ${problem}${hint === undefined ? '' : `; ${hint}`}`;
}
