import { withoutSecrets, withoutSecretsInPlace } from './secrets.js';

/** What can be wrong with a configuration; docs/log.md says what to do. */
export type ConfigErrorCode =
  /** One or more settings are wrong; the issues say which. */
  | 'CONFIG_INVALID'
  | 'CONFIG_NOT_FOUND'
  | 'CONFIG_PERMISSION'
  /** It is there, but it cannot be read, or is no file. */
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_TOO_LARGE'
  /** Its bytes are not UTF-8. */
  | 'CONFIG_NOT_TEXT';

/** One thing that is wrong, or only doubtful, in a configuration. */
export interface ConfigIssue {
  /** The file as it was named, or the option: `--set greylist.delay=abc`. */
  readonly file: string;
  /** From 1; absent for options, and for what concerns the file as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The setting, as in `greylist.delay`; empty if it is none. */
  readonly path: string;
  /** The offending line of the file; empty for an option. */
  readonly text: string;
  /** What is wrong, as what follows the setting's name: "must be at least 1s". */
  readonly problem: string;
  /** What to write instead, or why. */
  readonly hint: string | undefined;
}

/** How much of a line is shown, and how much of that before the place in question. */
const SHOWN = 110;
const SHOWN_BEFORE = 70;

/** One character for each, so that columns stay; a file must not drive the terminal it is shown on. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?');
}

function excerpt(text: string, column: number): string {
  const cut = Math.max(0, column - 1 - SHOWN_BEFORE);
  const visible = (cut > 0 ? '...' : text.slice(0, 3)) + text.slice(cut + 3, cut + SHOWN).trimEnd();
  const indent = visible.length - visible.trimStart().length;
  const caretAt = column - 1 - cut - indent;
  return `    ${printable(visible.slice(indent))}\n    ${' '.repeat(Math.max(caretAt, 0))}^`;
}

/** Each part by itself: what is wrong with a setting `password` stands behind its colon, and is no password. */
function headOf({ file, line, column, path, problem }: ConfigIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [place, path, problem]
    .filter((part) => part !== '')
    .map(withoutSecrets)
    .join(': ');
}

/**
 * Several lines for people: place, setting and problem, the line in question, and a caret with the
 * hint below it. Passwords are not shown.
 */
export function formatIssue(issue: ConfigIssue): string {
  const { line, column, text, hint } = issue;
  const head = headOf(issue);
  const tail = hint === undefined ? '' : printable(hint);
  if (line === undefined) return printable(head) + (tail === '' ? '' : `\n    ${tail}`);
  const shown = text.trim() === '' ? '    ^' : excerpt(withoutSecretsInPlace(text), column ?? 1);
  return `${printable(head)}\n${shown} ${tail}`.trimEnd();
}

/** The same as one line, for a log. Passwords are not shown. */
export function formatIssueLine(issue: ConfigIssue): string {
  const head = headOf(issue);
  const { hint } = issue;
  return printable(hint === undefined ? head : `${head}; ${withoutSecrets(hint)}`);
}

/** A configuration that cannot be used. The message is the whole report. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;
  /** In the order of the file, options behind it; empty if the file could not be read at all. */
  readonly issues: readonly ConfigIssue[];

  constructor(
    code: ConfigErrorCode,
    message: string,
    options?: ErrorOptions & { readonly issues?: readonly ConfigIssue[] },
  ) {
    super(message, options);
    this.name = 'ConfigError';
    this.code = code;
    this.issues = options?.issues ?? [];
  }
}

/** The error for one or more issues. */
export function invalidConfig(issues: readonly ConfigIssue[]): ConfigError {
  return new ConfigError('CONFIG_INVALID', issues.map(formatIssue).join('\n'), { issues });
}
