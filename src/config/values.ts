import type { Parsed } from './parsed.js';
import { isPath } from './store-url.js';

/** Where log lines go. */
export type LogTarget =
  | { readonly kind: 'console' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'syslog'; readonly facility: string; readonly tag: string };

/** The facilities that logger(1) takes, less the kernel's, which is not ours to use. */
const SYSLOG_FACILITIES = [
  ...['mail', 'daemon', 'user', 'auth', 'authpriv', 'cron', 'ftp', 'lpr', 'news', 'syslog', 'uucp'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const;

/** What syslog calls us unless told otherwise. */
const SYSLOG_TAG = 'greymilter';

/** Reads `console`, `file:PATH`, `syslog:FACILITY` or `syslog:FACILITY:TAG`. */
export function parseLogTarget(text: string): Parsed<LogTarget> {
  if (text === 'console') return { ok: { kind: 'console' } };
  const path = /^file:(.*)$/s.exec(text)?.[1];
  if (path !== undefined && isPath(path)) return { ok: { kind: 'file', path } };
  if (text === 'syslog' || text.startsWith('syslog:')) return parseSyslog(text.slice(7));
  const hint = text.startsWith('/')
    ? `write file:${text}`
    : 'write console, file:/var/log/greymilter.log or syslog:mail';
  return { problem: 'is not a place for a log', hint };
}

function parseSyslog(rest: string): Parsed<LogTarget> {
  const [facility = '', tag = SYSLOG_TAG, ...more] = rest.split(':');
  const known = SYSLOG_FACILITIES.find((name) => name === facility);
  if (known === undefined) {
    const problem = facility === '' ? 'names no facility' : `has "${facility}" for a facility`;
    return { problem, hint: 'write syslog:mail, or daemon, user or local0 to local7' };
  }
  if (more.length === 0 && /^[\w.-]{1,32}$/.test(tag)) {
    return { ok: { kind: 'syslog', facility: known, tag } };
  }
  const hint =
    'write up to 32 letters, digits, dots, dashes and underscores: syslog:mail:greymilter';
  return { problem: 'has a tag that syslog would not take', hint };
}

/** Writes what {@link parseLogTarget} reads. */
export function formatLogTarget(target: LogTarget): string {
  if (target.kind === 'console') return 'console';
  if (target.kind === 'file') return `file:${target.path}`;
  const tag = target.tag === SYSLOG_TAG ? '' : `:${target.tag}`;
  return `syslog:${target.facility}${tag}`;
}

/** Reads an absolute path. */
export function parseAbsolutePath(text: string): Parsed<string> {
  if (!isPath(text) || text.endsWith('/')) return { problem: 'is not the path of a file' };
  if (text.startsWith('/')) return { ok: text };
  return { problem: 'needs an absolute path', hint: `write /run/greymilter/${text}` };
}

/** Reads where the journal of a store is: `auto`, or a directory. */
export function parseJournal(text: string): Parsed<string> {
  if (text === 'auto') return { ok: text };
  if (isPath(text) && text.startsWith('/')) return { ok: text };
  return { problem: 'is no directory', hint: 'write auto, an absolute path, or null' };
}

/** Reads the permissions of a file in octal, as chmod takes them: `0660`. */
export function parseFileMode(text: string): Parsed<number> {
  if (/^0?[0-7]{3}$/.test(text)) return { ok: Number.parseInt(text, 8) };
  return {
    problem: 'is not a file mode',
    hint: 'write three octal digits after a 0, in quotes: "0660"',
  };
}

/** Writes what {@link parseFileMode} reads. */
export function formatFileMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Reads the name or the number of a user or group; whether there is one is seen when it is used. */
export function parseAccount(text: string): Parsed<string> {
  if (/^(?:[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?|\d{1,10})$/.test(text)) return { ok: text };
  return { problem: 'is not the name or number of an account' };
}

/**
 * Reads the code of a reply that puts a client off. RFC 5321 section 4.2 allows 0 to 5 for the
 * second digit.
 */
export function checkReplyCode(code: number): Parsed<number> {
  if (code === 421) {
    const hint = 'it closes the whole SMTP connection, good recipients included: use 450 or 451';
    return { problem: 'must not be 421', hint };
  }
  if (Number.isInteger(code) && code >= 400 && code <= 459) return { ok: code };
  return {
    problem: 'must be a code from 400 to 459',
    hint: 'only a 4xx reply makes the client come back; 451 is customary',
  };
}

/**
 * Reads an enhanced status code (RFC 3463, section 2: up to three digits without leading zeros).
 * Class 4 alone, since the reply code is a 4xx one too: where the two differ Postfix puts the
 * filter aside for the rest of the session.
 */
export function parseEnhancedCode(text: string): Parsed<string> {
  if (/^4(?:\.(?:0|[1-9]\d{0,2})){2}$/.test(text)) return { ok: text };
  const hint = /^[25]\./.test(text)
    ? 'it starts with 4, as the reply code does: 4.7.1'
    : 'write 4.x.y, as in 4.7.1';
  return { problem: 'is not an enhanced status code of class 4', hint };
}

const IDENTITIES = ['network', 'spf', 'host-name'] as const;

/** What shows that a client has tried before. */
export function parseIdentity(text: string): Parsed<(typeof IDENTITIES)[number]> {
  const identity = IDENTITIES.find((known) => known === text);
  if (identity !== undefined) return { ok: identity };
  return { problem: 'shows nothing', hint: `there are ${IDENTITIES.join(', ')}` };
}

/** Reads whose addresses the log does not show. */
export function parseHiddenParty(text: string): Parsed<'sender' | 'recipient' | 'client'> {
  if (text === 'sender' || text === 'recipient' || text === 'client') return { ok: text };
  return {
    problem: 'is nobody whose address can be hidden',
    hint: 'write sender, recipient or client',
  };
}
