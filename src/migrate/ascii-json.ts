import { BEYOND_ASCII, escapeUnits } from '../mail/hidden-characters.js';

/**
 * A value as JSON in printable US-ASCII, on one line: what is in it cannot drive the terminal that it is
 * shown on, as JSON itself lets pass C1 controls, bidirectional overrides and characters of no width.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeUnits);
}
