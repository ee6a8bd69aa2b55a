import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from './readme-text.js';

/** A line of a table: what it is about, what became of it here, and the file that shows it. */
export interface TableRow {
  readonly what: string;
  readonly here: string;
  readonly file: string;
}

/** The rows of the table below a heading of docs/milter-greylist.md. */
export function tableBelow(heading: string): readonly TableRow[] {
  const text = readFileSync(join(projectRoot, 'docs/milter-greylist.md'), 'utf8');
  const [section = ''] = text.slice(text.indexOf(`${heading}\n`) + heading.length).split('\n## ');
  return section
    .split('\n')
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1)
    .map((line) => {
      const [, what = '', here = '', file = ''] = line.split('|').map((cell) => cell.trim());
      return { what, here, file };
    });
}

/** The numbers that rows begin with: `17, 18: …` has two. */
export function numbersOf(rows: readonly TableRow[]): readonly number[] {
  return rows.flatMap(({ what }) =>
    (/^([\d, ]+):/.exec(what)?.[1] ?? '')
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
  );
}

/** Looks whether a row says what became of it, and whether its file has such a test. */
export function assertShown({ here, file }: TableRow, title: string | undefined): void {
  assert.notEqual(here, '');
  const path = join(projectRoot, 'test', file);
  assert.ok(existsSync(path), file);
  assert.ok(title !== undefined && readFileSync(path, 'utf8').includes(title), `${file}: ${title}`);
}
