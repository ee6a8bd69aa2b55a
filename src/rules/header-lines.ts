import type { MessageFacts } from './facts.js';

/** Each field of a header as one line, `Name: value`, unfolded. */
export function headerLines(headers: MessageFacts['headers']): readonly string[] {
  return headers.map(([field, text]) => `${field}: ${oneLine(text)}`);
}

/** Unfolded, as RFC 5322 section 2.2.3 says, without the blanks around. */
export function oneLine(text: string): string {
  return text.replace(/\r?\n(?=[ \t])/g, '').trim();
}
