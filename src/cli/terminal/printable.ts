import { escapeUnits, HIDDEN } from '../../mail/hidden-characters.js';

/** A line that does not drive the terminal it is shown on, whoever has written what is in it. */
export function printable(line: string): string {
  return line.replace(HIDDEN, escapeUnits).trimEnd();
}
