/** DEL, and all beyond US-ASCII, in halves of what lies beyond the basic plane, as JSON wants them. */
const BEYOND_ASCII = /[\u007f-\uffff]/g;

/**
 * A value as JSON in printable US-ASCII, on one line: what is in it cannot drive the terminal that it is
 * shown on, as JSON itself lets pass C1 controls, bidirectional overrides and characters of no width.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    BEYOND_ASCII,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
