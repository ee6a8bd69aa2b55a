import assert from 'node:assert/strict';

/** What a reader of a line of the text format gets out of it. */
export interface ParsedLine {
  readonly time: string;
  readonly level: string;
  /** Empty for a decision. */
  readonly message: string;
  readonly fields: ReadonlyMap<string, string>;
}

const WORD = /^ ([!#-<>-[\]-~]+|"(?:[^"\\]|\\.)*")(?= |$)/;
const FIELD = /^ ([a-z][a-zA-Z-]*)=([!#-<>-[\]-~]+|"(?:[^"\\]|\\.)*")(?= |$)/;

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  const text: unknown = JSON.parse(value);
  assert.ok(typeof text === 'string');
  return text;
}

/**
 * Reads one line of the text format as its description says, and as somebody would who knows
 * nothing of how it is written. Fails if anything is left over.
 */
export function parseTextLine(line: string): ParsedLine {
  const head = /^(\S+) (\S+)/.exec(line);
  assert.ok(head, `no time and level: ${line}`);
  const [whole, time = '', level = ''] = head;
  let rest = line.slice(whole.length);
  const words: string[] = [];
  const fields = new Map<string, string>();
  while (rest !== '') {
    const field = FIELD.exec(rest);
    const word = fields.size === 0 ? WORD.exec(rest) : null;
    const found = field ?? word;
    assert.ok(found, `cannot be read from here on: ${rest}`);
    rest = rest.slice(found[0].length);
    if (field === null) {
      words.push(unquote(found[1] ?? ''));
      continue;
    }
    const [, key = '', value = ''] = field;
    assert.ok(!fields.has(key), `${key} stands twice: ${line}`);
    fields.set(key, unquote(value));
  }
  return { time, level, message: words.join(' '), fields };
}
