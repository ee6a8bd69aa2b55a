import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder, with a slash at the end. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The pages that a postmaster reads: the README, and what it leads to. */
export const handbook = [
  'README.md',
  'docs/operating.md',
  'docs/reports.md',
  'docs/senders.md',
  'docs/rules.md',
  'docs/settings.md',
  'docs/log.md',
  'docs/postgrey.md',
  'docs/library.md',
  'docs/scale.md',
  'docs/reliability.md',
  'docs/performance.md',
] as const;

/** A fenced block. */
export interface Snippet {
  /** The page, from the project's folder. */
  readonly file: string;
  /** What stands behind its fence: `yaml config`. */
  readonly info: string;
  /** Of its first line in the file, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** A table, its cells as they are written. */
export interface Table {
  readonly section: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a page of Markdown consists of, as far as the guards look at it. */
export interface Page {
  readonly snippets: readonly Snippet[];
  readonly headings: readonly string[];
  readonly tables: readonly Table[];
  /** All lines outside of fenced blocks. */
  readonly prose: string;
}

/** Reads one page of the handbook. */
export function readPage(file: string): Page {
  return parsePage(readFileSync(`${projectRoot}${file}`, 'utf8'), file);
}

/** Reads all pages of the handbook, as if they were one. */
export function readHandbook(): Page {
  const pages = handbook.map(readPage);
  return {
    snippets: pages.flatMap(({ snippets }) => snippets),
    headings: pages.flatMap(({ headings }) => headings),
    tables: pages.flatMap(({ tables }) => tables),
    prose: pages.map(({ prose }) => prose).join('\n'),
  };
}

/** Takes a page of Markdown apart. */
export function parsePage(text: string, file = 'README.md'): Page {
  const snippets: Snippet[] = [];
  const headings: string[] = [];
  const prose: string[] = [];
  const tableLines: { readonly section: string; readonly line: string }[] = [];
  let open: (Snippet & { readonly lines: string[] }) | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)?.[1];
    if (open !== undefined) {
      if (fence === '') {
        snippets.push(open);
        open = undefined;
      } else open.lines.push(line);
      continue;
    }
    if (fence !== undefined) {
      open = { file, info: fence, line: index + 2, lines: [] };
      continue;
    }
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading !== undefined) headings.push(heading);
    prose.push(line);
    tableLines.push({ section: headings.at(-1) ?? '', line });
  }
  if (open !== undefined) throw new Error(`the block in line ${open.line} has no end`);
  return { snippets, headings, tables: readTables(tableLines), prose: prose.join('\n') };
}

function readTables(
  lines: readonly { readonly section: string; readonly line: string }[],
): readonly Table[] {
  const tables: Table[] = [];
  let rows: string[][] | undefined;
  for (const { section, line } of lines) {
    if (!line.startsWith('|')) {
      rows = undefined;
      continue;
    }
    // A cell's own bars are written `\|`.
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (rows === undefined) {
      rows = [];
      tables.push({ section, head: cells, rows });
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) rows.push(cells);
  }
  return tables;
}

/** What stands in backticks in a text. */
export function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}

/** The first cells, in backticks, of the tables with this head. */
export function firstColumn(tables: readonly Table[], head: string): readonly string[] {
  return tables
    .filter((table) => table.head[0] === head)
    .flatMap(({ rows }) => rows.flatMap(([first = '']) => codeIn(first)));
}

/** The anchor that a heading gets on a web page. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The words of a shell command with plain quotes and a comment at most. */
export function shellWords(line: string): readonly string[] {
  const words = line.match(/'[^']*'|"[^"]*"|#.*|[^\s'"#]+/g) ?? [];
  return words
    .filter((word) => !word.startsWith('#'))
    .map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}
