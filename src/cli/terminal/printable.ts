/**
 * What a terminal could act upon, or nobody would see: all but letters, marks, numbers, punctuation,
 * symbols and the plain space, and of those what is shown as nothing. The same as the log escapes.
 */
const HIDDEN = /[^ \p{L}\p{M}\p{N}\p{P}\p{S}]|\p{Default_Ignorable_Code_Point}/gu;

/** A line that does not drive the terminal it is shown on, whoever has written what is in it. */
export function printable(line: string): string {
  return line.replace(HIDDEN, escaped).trimEnd();
}

/** In JSON's way, so that both halves of what lies beyond the basic plane are there. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
