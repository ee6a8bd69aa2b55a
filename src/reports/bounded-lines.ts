/**
 * The longest line that is read, in UTF-16 units: our own are below journald's 48 KiB, and a journal
 * in JSON may write each byte of them as a number.
 */
export const MAX_LINE = 256 * 1024;

/** Lines of a chunk, and how many of them were too long and are not among them. */
export interface LineBatch {
  readonly lines: readonly string[];
  readonly tooLong: number;
}

/**
 * The lines of a text, those of a chunk at a time. What is no UTF-8 becomes U+FFFD. Of a line that is
 * too long nothing is kept, so that a file without ends of lines takes no memory.
 */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<LineBatch, void, undefined> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let isSkipping = false;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    // The end of the one that was too long.
    if (isSkipping && lines.length > 0) {
      lines.shift();
      isSkipping = false;
    }
    const kept = lines.filter((line) => line.length <= MAX_LINE).map(withoutReturn);
    let tooLong = lines.length - kept.length;
    if (isSkipping) rest = '';
    else if (rest.length > MAX_LINE) {
      tooLong++;
      isSkipping = true;
      rest = '';
    }
    if (kept.length + tooLong > 0) yield { lines: kept, tooLong };
  }
  rest += decoder.decode();
  if (rest !== '' && !isSkipping) yield { lines: [withoutReturn(rest)], tooLong: 0 };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
