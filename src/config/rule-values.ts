import type { Parsed } from './parsed.js';

/** A name has to fit into a log line beside everything else. */
const MAX_NAME = 80;

/** Reads the name of a rule: anything on one line. */
export function parseRuleName(text: string): Parsed<string> {
  if (text.trim() === '') return { problem: 'is empty', hint: 'leave the line out instead' };
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) {
    return { problem: 'has a line end or a control character in it', hint: 'write it on one line' };
  }
  if (text !== text.trim()) {
    return { problem: 'starts or ends with a space', hint: 'write it without' };
  }
  if (text.length <= MAX_NAME) return { ok: text };
  return { problem: `is longer than ${MAX_NAME} characters`, hint: 'put the rest into a comment' };
}

/** Reads the name of a list: what can stand behind `list:` without quotes. */
export function parseListName(text: string): Parsed<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return { ok: text };
  return {
    problem: 'is not the name of a list',
    hint: 'write up to 64 letters, digits, dots, dashes and underscores',
  };
}

/** Reads the path of a file of ours; one that is not absolute starts at the configuration file. */
export function parseFilePath(text: string): Parsed<string> {
  if (text.trim() === '') return { problem: 'is empty', hint: 'write the path of a file' };
  if (/\p{Cc}/u.test(text))
    return { problem: 'has a control character in it', hint: 'write it without' };
  if (text.endsWith('/')) {
    return { problem: 'is not the path of a file', hint: 'write the name of the file behind it' };
  }
  return { ok: text };
}

/**
 * Reads the name of a header field (RFC 5322 section 2.2). Sendmail and Postfix both take it as it
 * comes, and would make two fields, or a broken message, of anything else.
 */
export function parseHeaderName(text: string): Parsed<string> {
  if (/^[!-9;-~]{1,64}$/.test(text)) return { ok: text };
  return {
    problem: 'is not the name of a header field',
    hint: 'write up to 64 printable characters without spaces and colons: X-Listed',
  };
}

/** Reads an enhanced status code (RFC 3463 section 2) of class 4 or 5. */
export function parseAnyEnhancedCode(text: string): Parsed<string> {
  if (/^[45](?:\.(?:0|[1-9]\d{0,2})){2}$/.test(text)) return { ok: text };
  return { problem: 'is not an enhanced status code', hint: 'write 4.x.y or 5.x.y, as in 4.7.1' };
}

/** Reads the code of a reply that refuses for good (RFC 5321 section 4.2). */
export function checkRejectCode(code: number): Parsed<number> {
  if (code >= 500 && code <= 559) return { ok: code };
  return {
    problem: 'must be a code from 500 to 559',
    hint: 'only a 5xx reply refuses for good; 550 is customary',
  };
}
