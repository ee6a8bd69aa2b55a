/** Text as roff has it: no line is a request, no dash becomes another one. */
export function roff(text: string): string {
  return text
    .replace(/\[([^\]]+)\]\((?:\.\.\/)?([\w.]+)#[^)]+\)/g, '$1 in $2')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '\\&...')
    .replace(/^\./gm, '\\&.')
    .replace(/`([^`]*)`/g, '\\fB$1\\fR');
}

/** What stands between quotes behind a request. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

/** The head of a page. The date is that of the version, so that the same source gives the same page. */
export function title(name: string, chapter: number, version: string): string {
  return `.TH ${quoted(name)} ${chapter} "" ${quoted(`greymilter ${version}`)} "greymilter manual"`;
}

/** A section with its lines. */
export function section(name: string, ...lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`.SH ${quoted(name)}`, ...lines];
}

/** A section within a section. */
export function subsection(name: string): string {
  return `.SS ${quoted(name)}`;
}

/** A word with what it means, which is indented. */
export function item(word: string, ...meaning: readonly string[]): readonly string[] {
  return ['.TP', `.B ${roff(word)}`, ...meaning];
}

/** Lines as they are. */
export function literal(...lines: readonly string[]): readonly string[] {
  return ['.nf', ...lines.map(roff), '.fi'];
}

/** Paragraphs, which an empty line parts. */
export function paragraphs(text: string): readonly string[] {
  return text.split('\n\n').flatMap((part) => ['.PP', roff(part)]);
}
