import { parseEscapedFormat, parseFormat } from './format-string.js';
import type { FormatString } from './format-string.js';
import { translatePosixPattern } from './posix-pattern.js';
import type { Reader } from './reader.js';
import type {
  Comparison,
  FormatValue,
  NumberValue,
  Operator,
  PatternValue,
  PropertyValue,
  TextValue,
} from './syntax.js';

const PATTERN = /\/(?:[^/\\\n]|\\[^\n])*\//y;
const PROPERTY = /\$[A-Za-z0-9_-]+/y;
const OPERATOR = /[=!<>]=|[<>]/y;
const NUMBER_WORD = /[A-Za-z0-9_.-]+/y;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
]);
const DURATION_HINT = 'write a number and s, m, h, d or w: 90s, 30m, 5d';

/** Tells of a text in which percent signs meet that milter-greylist runs together. */
export function readFormat(reader: Reader, what: string): FormatString {
  const start = reader.lexer.offset;
  const format = parseFormat(reader.string(what));
  noteOfPercent(reader, format.text, start);
  return format;
}

export function readEscapedFormat(reader: Reader, what: string): FormatString {
  const start = reader.lexer.offset;
  const format = parseEscapedFormat(reader.string(what));
  noteOfPercent(reader, format.text, start);
  return format;
}

function noteOfPercent(reader: Reader, text: string, start: number): void {
  if (!/%%[A-Za-z]|(?:^|[^%])(?:%%)*%$/.test(text)) return;
  const problem = 'has a percent sign that milter-greylist loses';
  reader.note(problem, 'it is kept here: %% is one wherever it stands', start);
}

export function readFormatValue(reader: Reader, what: string): FormatValue {
  const place = reader.lexer.place();
  return { kind: 'format', format: readFormat(reader, what), place };
}

export function readText(reader: Reader, what: string): TextValue {
  const place = reader.lexer.place();
  return { kind: 'text', text: reader.string(what), place };
}

/** How it is told that a pattern is none, which milter-greylist ends with a code of its own for. */
const NO_PATTERN = 'has a pattern that';

/** Whether a problem is that a pattern is none, and not one that is about patterns otherwise. */
export function isOfBadPattern(problem: string): boolean {
  return problem.startsWith(`${NO_PATTERN} `);
}

/** A pattern, if one comes next; what is wrong with it is told at the character. */
export function readPattern(reader: Reader): PatternValue | undefined {
  const { lexer, dialect } = reader;
  const start = lexer.offset;
  const written = lexer.take(PATTERN);
  if (written === undefined) return undefined;
  const source = written.slice(1, -1);
  if (source === '') {
    return lexer.fail('has an empty pattern, which matches all', 'write /.*/ for that', start);
  }
  const translated = translatePosixPattern(source, { dialect, subject: 'one-line' });
  if (translated.kind === 'wrong') {
    const { problem, hint, offset } = translated;
    return lexer.fail(`${NO_PATTERN} ${problem}`, hint, start + 1 + offset);
  }
  for (const { problem, hint, offset } of 'doubts' in translated ? translated.doubts : []) {
    reader.note(`${NO_PATTERN} ${problem}`, hint, start + 1 + offset);
  }
  return { kind: 'pattern', source, dialect, place: lexer.place(start) };
}

export function readTextOrPattern(reader: Reader, what: string): TextValue | PatternValue {
  return readPattern(reader) ?? readText(reader, what);
}

/** `$name`, if it comes next. */
export function readProperty(reader: Reader): PropertyValue | undefined {
  const written = reader.lexer.take(PROPERTY);
  return written === undefined ? undefined : { kind: 'property', name: written.slice(1) };
}

/** A property that must be there; returns its name. */
export function readPropertyName(reader: Reader): string {
  const property = readProperty(reader);
  if (property !== undefined) return property.name;
  return reader.lexer.fail(`has ${reader.lexer.shown()} for a property`, 'write it as $name');
}

/** A whole number, which may end in k or M for powers of 1024. */
export function readNumber(reader: Reader, what: string): number {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  const value = numberOf(lexer.take(NUMBER_WORD) ?? '');
  return value ?? lexer.fail(`has ${shown} for ${what}`, 'write a whole number', start);
}

function numberOf(text: string): number | undefined {
  const [, digits, suffix] = /^(-?\d+)([kM]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits) * (suffix === 'k' ? 1024 : suffix === 'M' ? 1_048_576 : 1);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Seconds of a statement, where a number without a unit is usual. */
export function readSeconds(reader: Reader, what: string): number {
  const start = reader.lexer.offset;
  return durationOf(reader, what, (value, text) => {
    if (/[kM]$/.test(text)) {
      reader.note(`has ${text} for ${what}: ${value} seconds`, DURATION_HINT, start);
    }
    return value;
  });
}

/** Seconds of a rule or definition, where milter-greylist insists on a unit. */
export function readSecondsWithUnit(reader: Reader, what: string): number {
  const { lexer } = reader;
  const start = lexer.offset;
  return durationOf(reader, what, (value, text) => {
    if (/[kM]$/.test(text)) {
      return lexer.fail(`has ${text} for ${what}, which is a number`, DURATION_HINT, start);
    }
    const problem = `has ${what} without a unit, which milter-greylist refuses here`;
    reader.note(problem, `it is taken for ${text}s`, start);
    return value;
  });
}

function durationOf(
  reader: Reader,
  what: string,
  withoutUnit: (value: number, text: string) => number,
): number {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  const text = lexer.take(NUMBER_WORD) ?? '';
  const [, digits = '', unit = ''] = /^(-?\d+)([smhdw])$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS.get(unit) ?? Number.NaN);
  if (Number.isSafeInteger(seconds)) return seconds;
  const value = numberOf(text);
  if (value !== undefined) return withoutUnit(value, text);
  const isUpper = /^-?\d+[SMHDW]$/.test(text);
  const hint = isUpper ? `write ${text.toLowerCase()}` : DURATION_HINT;
  return lexer.fail(`has ${shown} for ${what}`, hint, start);
}

/** `>= 25` or `>= $limit`, if an operator comes next. */
export function readComparison(reader: Reader): Comparison | undefined {
  const { lexer } = reader;
  const start = lexer.offset;
  const written = lexer.take(OPERATOR);
  if (written === undefined) {
    if (lexer.takeSign('=')) lexer.fail('has = for a comparison', 'write ==', start);
    return undefined;
  }
  return { kind: 'comparison', operator: operatorOf(written), operand: readComparand(reader) };
}

/** A comparison that must be there. */
export function needComparison(reader: Reader): Comparison {
  const { lexer } = reader;
  return (
    readComparison(reader) ??
    lexer.fail(`has ${lexer.shown()} for a comparison`, 'write one of == != < > <= >=')
  );
}

function readComparand(reader: Reader): NumberValue | PropertyValue {
  return (
    readProperty(reader) ?? { kind: 'number', value: readNumber(reader, 'the number to compare') }
  );
}

const OPERATORS: readonly Operator[] = ['==', '!=', '<', '>', '<=', '>='];

function operatorOf(written: string): Operator {
  return OPERATORS.find((operator) => operator === written) ?? '==';
}
