import { MigrateError } from './migrate-error.js';
/** A record with all its sources has less than 16 KiB; a line without an end is no text. */
const MAX_LINE_LENGTH = 1024 * 1024;
/**
 * The lines of a UTF-8 text, those of a chunk at a time: a promise for each line would cost more
 * than to read it. Ends of line are `\n` or `\r\n`; the last line may have none. What is no UTF-8
 * becomes U+FFFD.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD for a line of more than 1 MiB
 */
export async function* readLines(chunks) {
    const decoder = new TextDecoder('utf-8');
    let rest = '';
    for await (const chunk of chunks) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > MAX_LINE_LENGTH)
            throw tooLong();
        if (lines.length > 0)
            yield lines.map(withoutReturn);
    }
    rest += decoder.decode();
    if (rest !== '')
        yield [withoutReturn(rest)];
}
function withoutReturn(line) {
    return line.endsWith('\r') ? line.slice(0, -1) : line;
}
function tooLong() {
    return new MigrateError('IMPORT_NOT_UNDERSTOOD', 'the input has a line of more than 1 MiB: this is no text of the kind that was asked for');
}
//# sourceMappingURL=read-lines.js.map