/** A line that does not drive the terminal it is shown on, whoever has written what is in it. */
export function printable(line: string): string {
  return line
    .replace(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .trimEnd();
}
