/** Of what was asked, shorter words are in no danger of being somebody's, and in any text. */
const MIN_WORD_LENGTH = 3;

/**
 * What is wrong with a server, for the log, without what it was asked: rules fill in whom a mail is
 * from and for, and servers and Node.js repeat it in what they complain of.
 *
 * @param asked what was sent, or where to
 */
export function unasked(problem: string, asked: readonly string[]): string {
  const words = asked
    .flatMap((text) => [
      text,
      ...text.split(/[^\p{L}\p{N}._~@+-]+/u),
      ...text.split(/[^\p{L}\p{N}]+/u),
    ])
    .filter((word) => word.length >= MIN_WORD_LENGTH)
    .toSorted((one, other) => other.length - one.length);
  if (words.length === 0) return problem;
  const pattern = [...new Set(words)].map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return problem.replace(new RegExp(pattern.join('|'), 'giu'), '…');
}
