import { readEscapedFormat, readFormat, readNumber, readSecondsWithUnit } from './operands.js';
import type { Reader } from './reader.js';
import type { RuleValueBody, TarpitScope } from './syntax.js';

/** How what stands behind the word of each value is read. */
const values: ReadonlyMap<string, (reader: Reader) => RuleValueBody> = new Map([
  ...(['delay', 'autowhite'] as const).map(
    (kind) =>
      [
        kind,
        (reader: Reader): RuleValueBody => ({
          kind,
          seconds: readSecondsWithUnit(reader, 'the time'),
        }),
      ] as const,
  ),
  ...(['flushaddr', 'nolog'] as const).map((kind) => [kind, () => ({ kind })] as const),
  ...(['code', 'ecode'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, text: reader.string('the code') })] as const,
  ),
  ...(['msg', 'report', 'subjtag'] as const).map(
    (kind) =>
      [kind, (reader: Reader) => ({ kind, format: readFormat(reader, 'the text') })] as const,
  ),
  [
    'addfooter',
    (reader: Reader) => ({ kind: 'addfooter', format: readEscapedFormat(reader, 'the text') }),
  ],
  ['addheader', readHeader],
  ['maxpeek', (reader: Reader) => ({ kind: 'maxpeek', bytes: readNumber(reader, 'the bytes') })],
  ['tarpit_scope', (reader: Reader) => ({ kind: 'tarpit_scope', scope: readTarpitScope(reader) })],
]);

export const VALUE_WORDS: readonly string[] = [...values.keys()];

/** Reads a value from its word on; undefined if the word is none of them. */
export function readValue(reader: Reader): RuleValueBody | undefined {
  const start = reader.lexer.offset;
  const read = values.get(reader.keyword() ?? '');
  if (read !== undefined) return read(reader);
  reader.lexer.rewind(start);
  return undefined;
}

function readHeader(reader: Reader): RuleValueBody {
  const start = reader.lexer.offset;
  const format = readFormat(reader, 'the header');
  if (!format.text.includes(': ')) {
    reader.note('has a header without ": ", which is not added', 'write "Name: value"', start);
  }
  const index = reader.lexer.takeSign(',') ? readNumber(reader, 'its place') : undefined;
  return { kind: 'addheader', format, index };
}

/** `comand` is what milter-greylist reads, for a slip of its own; `command` is what it means. */
export function readTarpitScope(reader: Reader): TarpitScope {
  const start = reader.lexer.offset;
  const scope = reader.oneOf(['session', 'comand', 'command'] as const, 'the scope');
  if (scope === 'command') {
    reader.note('has the scope command, which milter-greylist spells comand', undefined, start);
  }
  return scope === 'session' ? 'session' : 'command';
}
