import { UsageError } from '../arguments/usage-error.js';

/**
 * Reads the variables of a file of settings as init scripts and systemd have them, such as
 * /etc/default/postgrey: `NAME=value`, one a line, with quotes, backslashes and comments. Nothing is
 * run or expanded.
 *
 * @param file its name, for reports
 * @throws UsageError for a line that takes a shell
 */
export function parseShellVariables(text: string, file: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [index, line] of text.replace(/\\\n/g, '').split('\n').entries()) {
    const written = line.trim();
    if (written === '' || written.startsWith('#')) continue;
    const [, name, rest] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(written) ?? [];
    const value = rest === undefined ? undefined : unquote(rest);
    if (name === undefined || value === undefined) {
      throw new UsageError(`${file}:${index + 1}: cannot be read without a shell: ${written}`);
    }
    variables.set(name, value);
  }
  return variables;
}

/** One piece of a word: in single quotes, in double quotes, behind a backslash, or bare. */
const PIECE = /'([^']*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|([^\s'"\\$`;&|<>()]+)/y;

/** A word without its quotes; undefined if it is more than a word, or asks for a shell. */
function unquote(written: string): string | undefined {
  let value = '';
  let at = 0;
  while (at < written.length) {
    if (/^\s+(?:#.*)?$/.test(written.slice(at))) break;
    PIECE.lastIndex = at;
    const piece = PIECE.exec(written);
    if (piece === null) return undefined;
    const [whole, single, double, escaped, bare] = piece;
    value += single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? escaped ?? bare ?? '';
    at += whole.length;
  }
  return value;
}
