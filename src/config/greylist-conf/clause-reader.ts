import { readBits, readDomain, readMailbox, readNetwork } from './addresses.js';
import {
  needComparison,
  readComparison,
  readFormatValue,
  readNumber,
  readPattern,
  readProperty,
  readPropertyName,
  readSecondsWithUnit,
  readText,
  readTextOrPattern,
} from './operands.js';
import type { Reader } from './reader.js';
import type {
  Clause,
  ClauseTest,
  DefinedKind,
  DkimResult,
  PropertyValue,
  SpfResult,
  TextOrPattern,
} from './syntax.js';
import { checkSchedule } from './time-schedule.js';
import { RESERVED_WORDS } from './words.js';

const SPF_RESULTS: readonly SpfResult[] = [
  ...(['pass', 'fail', 'softfail', 'neutral', 'unknown', 'error', 'none', 'self'] as const),
];
const DKIM_RESULTS: readonly DkimResult[] = ['pass', 'fail', 'unknown', 'error', 'none'];

/** How what stands behind the word of each clause is read. */
const clauses: ReadonlyMap<string, (reader: Reader) => ClauseTest> = new Map([
  ['addr', (reader): ClauseTest => ({ kind: 'addr', network: readNetwork(reader) })],
  ['domain', (reader): ClauseTest => ({ kind: 'domain', operand: readDomain(reader) })],
  ...(['from', 'rawfrom', 'rcpt'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, operand: readMailbox(reader) })] as const,
  ),
  ...(['rcptcount', 'msgsize'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, comparison: needComparison(reader) })] as const,
  ),
  ['helo', (reader): ClauseTest => ({ kind: 'helo', operand: readHelo(reader) })],
  ...(['auth', 'tls', 'p0f'] as const).map(
    (kind) =>
      [kind, (reader: Reader) => ({ kind, operand: readTextOrPattern(reader, 'a text') })] as const,
  ),
  ['spf', readSpf],
  ['dkim', readDkim],
  ['mx', (reader): ClauseTest => ({ kind: 'mx', bits: readBits(reader, 128) })],
  ['geoip', (reader): ClauseTest => ({ kind: 'geoip', country: readCountry(reader).text })],
  ['time', (reader): ClauseTest => ({ kind: 'time', schedule: readSchedule(reader).text })],
  ...(
    ['dnsrbl', 'sm_macro', 'ratelimit', 'urlcheck', 'ldapcheck', 'nsupdate'] satisfies DefinedKind[]
  ).map((kind) => [kind, (reader: Reader) => ({ kind, name: reader.definedName(kind) })] as const),
  ['list', readListClause],
  ...(['header', 'body'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, operand: readContent(reader) })] as const,
  ),
  ['spamd', (reader): ClauseTest => ({ kind: 'spamd', comparison: readComparison(reader) })],
  ['tarpit', readTarpit],
  ...(['set', 'rset'] as const).map(
    (kind) => [kind, (reader: Reader) => readSet(reader, kind)] as const,
  ),
  ['log', (reader): ClauseTest => ({ kind: 'log', text: readFormatValue(reader, 'the text') })],
]);

export const CLAUSE_WORDS: readonly string[] = [...clauses.keys()];

/** Reads a clause from its word on; undefined if the word is none of them, or a sign comes. */
export function readClause(reader: Reader): ClauseTest | undefined {
  const { lexer } = reader;
  if (lexer.takeSign('*')) return readGlob(reader);
  const property = readProperty(reader);
  if (property !== undefined) return readPropertyTest(reader, property);
  const start = lexer.offset;
  const word = reader.keyword() ?? '';
  const read = clauses.get(word);
  if (read === undefined) {
    lexer.rewind(start);
    return undefined;
  }
  // An address may begin with a brace too.
  if (lexer.sees(/\{(?![^\s{}]*\}[^\s{}]*@)/y)) {
    const problem = `has a list inside: milter-greylist ignores it, and the rule is for all mail`;
    lexer.fail(problem, `write list "name" ${word} { … } above, and list "name" here`, start);
  }
  return read(reader);
}

/** A HELO name: a text in which values may stand, or a pattern. */
export function readHelo(reader: Reader): (Clause & { kind: 'helo' })['operand'] {
  return readPattern(reader) ?? readFormatValue(reader, 'the name');
}

/** A country's code; in lower case it never matches. */
export function readCountry(reader: Reader): ReturnType<typeof readText> {
  const start = reader.lexer.offset;
  if (reader.lexer.sees(/\//y)) {
    reader.lexer.fail('has a pattern for a country', 'write each by its code: "FR"');
  }
  const value = readText(reader, 'a country');
  if (!/^[A-Z]{2}$/.test(value.text)) {
    reader.note('has a country that is no code in upper case', 'write "FR"', start);
  }
  return value;
}

/** A schedule as of cron. */
export function readSchedule(reader: Reader): ReturnType<typeof readText> {
  const start = reader.lexer.offset;
  const value = readText(reader, 'a time');
  const fault = checkSchedule(value.text);
  if (fault?.isFatal === true) reader.lexer.fail(fault.problem, fault.hint, start);
  if (fault !== undefined) reader.note(fault.problem, fault.hint, start);
  return value;
}

function readSpf(reader: Reader): ClauseTest {
  const { lexer } = reader;
  const start = lexer.offset;
  const word = reader.keyword();
  const result = SPF_RESULTS.find((known) => known === word);
  if (result !== undefined) return { kind: 'spf', result };
  lexer.rewind(start);
  if (word?.endsWith('error') === true) {
    lexer.fail(`has "${word}" for a result of SPF`, 'write error, which is both of them', start);
  }
  if (lexer.sees(/[A-Za-z0-9_]+[ \t]*"/y)) {
    const problem = 'has a quoted text on the line of an spf without a result';
    reader.note(problem, 'milter-greylist refuses that: write spf pass', start);
  }
  return { kind: 'spf', result: 'pass' };
}

function readDkim(reader: Reader): ClauseTest {
  if (reader.lexer.sees(/(?:neutral|softfail|self)\b/iy)) {
    const hint = `DKIM has none but ${DKIM_RESULTS.join(', ')}`;
    reader.lexer.fail(`has ${reader.lexer.shown()} for a result of DKIM`, hint);
  }
  if (isBare(reader)) {
    reader.note('names no result of DKIM', 'it is taken for dkim pass: write that');
    return { kind: 'dkim', result: 'pass' };
  }
  return { kind: 'dkim', result: reader.oneOf(DKIM_RESULTS, 'a result of DKIM') };
}

/** Whether the line ends, or a clause or value begins, where a result could stand. */
function isBare(reader: Reader): boolean {
  const { lexer } = reader;
  const start = lexer.offset;
  const word = reader.keyword() ?? '';
  lexer.rewind(start);
  return lexer.isAtLineEnd || (word !== 'none' && RESERVED_WORDS.has(word));
}

function readListClause(reader: Reader): ClauseTest {
  const { lexer } = reader;
  const start = lexer.offset;
  const name = reader.string('the name of a list');
  const type = reader.lists.get(name);
  if (type !== undefined) return { kind: 'list', name, type };
  const hint = 'lists stand above the rules that name them, spelled alike';
  return lexer.fail(`names the list "${name}", which is not defined above`, hint, start);
}

function readContent(reader: Reader): TextOrPattern | PropertyValue {
  return readProperty(reader) ?? readTextOrPattern(reader, 'a text');
}

function readTarpit(reader: Reader): ClauseTest {
  return { kind: 'tarpit', seconds: readSecondsWithUnit(reader, 'the time') };
}

function readSet(reader: Reader, kind: 'set' | 'rset'): ClauseTest {
  const property = readPropertyName(reader);
  const written = reader.lexer.take(/[+-]?=(?!=)/y);
  const operator = (['=', '+=', '-='] as const).find((known) => known === written);
  if (operator === undefined) {
    return reader.lexer.fail(
      `has ${reader.lexer.shown()} behind $${property}`,
      'write =, += or -=',
    );
  }
  const other = readProperty(reader);
  if (other !== undefined) return { kind, property, operator, operand: other };
  const operand = reader.lexer.sees(/"/y)
    ? readFormatValue(reader, 'the value')
    : ({ kind: 'number', value: readNumber(reader, 'the value') } as const);
  return { kind, property, operator, operand };
}

function readPropertyTest(reader: Reader, { name }: PropertyValue): ClauseTest {
  const operand = readComparison(reader) ?? readTextOrPattern(reader, 'what it is compared with');
  return { kind: 'property', property: name, operand };
}

function readGlob(reader: Reader): ClauseTest {
  const property = readPropertyName(reader);
  return { kind: 'property-glob', property, subject: readFormatValue(reader, 'the text') };
}
