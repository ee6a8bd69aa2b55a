import { parseIpAddress } from '../mail/ip-address.js';

/** What is between the angle brackets of a path; the text itself without them. */
export function withoutBrackets(path: string): string {
  return path.startsWith('<') && path.endsWith('>') ? path.slice(1, -1) : path;
}

/**
 * A client's address as we write it, without the length that Debian's Postgrey 1.36 put behind it;
 * undefined for what is none.
 */
export function clientAddress(text: string): string | undefined {
  const slashAt = text.indexOf('/');
  return parseIpAddress(slashAt === -1 ? text : text.slice(0, slashAt))?.text;
}

/** A client's name; `unknown` is how Postfix says that it has none. */
export function clientName(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'unknown' ? undefined : text;
}
