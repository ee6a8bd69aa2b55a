import { readEscapedFormat, readFormat, readNumber, readSecondsWithUnit } from './operands.js';
/** How what stands behind the word of each value is read. */
const values = new Map([
    ...['delay', 'autowhite'].map((kind) => [
        kind,
        (reader) => ({
            kind,
            seconds: readSecondsWithUnit(reader, 'the time'),
        }),
    ]),
    ...['flushaddr', 'nolog'].map((kind) => [kind, () => ({ kind })]),
    ...['code', 'ecode'].map((kind) => [kind, (reader) => ({ kind, text: reader.string('the code') })]),
    ...['msg', 'report', 'subjtag'].map((kind) => [kind, (reader) => ({ kind, format: readFormat(reader, 'the text') })]),
    [
        'addfooter',
        (reader) => ({ kind: 'addfooter', format: readEscapedFormat(reader, 'the text') }),
    ],
    ['addheader', readHeader],
    ['maxpeek', (reader) => ({ kind: 'maxpeek', bytes: readNumber(reader, 'the bytes') })],
    ['tarpit_scope', (reader) => ({ kind: 'tarpit_scope', scope: readTarpitScope(reader) })],
]);
export const VALUE_WORDS = [...values.keys()];
/** Reads a value from its word on; undefined if the word is none of them. */
export function readValue(reader) {
    const start = reader.lexer.offset;
    const read = values.get(reader.keyword() ?? '');
    if (read !== undefined)
        return read(reader);
    reader.lexer.rewind(start);
    return undefined;
}
function readHeader(reader) {
    const start = reader.lexer.offset;
    const format = readFormat(reader, 'the header');
    if (!format.text.includes(': ')) {
        reader.note('has a header without ": ", which is not added', 'write "Name: value"', start);
    }
    const index = reader.lexer.takeSign(',') ? readNumber(reader, 'its place') : undefined;
    return { kind: 'addheader', format, index };
}
/** `comand` is what milter-greylist reads, for a slip of its own; `command` is what it means. */
export function readTarpitScope(reader) {
    const start = reader.lexer.offset;
    const scope = reader.oneOf(['session', 'comand', 'command'], 'the scope');
    if (scope === 'command') {
        reader.note('has the scope command, which milter-greylist spells comand', undefined, start);
    }
    return scope === 'session' ? 'session' : 'command';
}
//# sourceMappingURL=value-reader.js.map