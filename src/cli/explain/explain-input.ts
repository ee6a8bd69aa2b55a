import { parseDuration } from '../../config/duration.js';
import { nearest } from '../../config/nearest.js';
import type { Parsed } from '../../config/parsed.js';
import { parseSize } from '../../config/size.js';
import {
  logKeys,
  readMail,
  type MailAttempt,
  type WrittenMail,
} from '../../daemon/trials/written-mail.js';
import { mailOptions, type ToldMail } from './explain-options.js';

/** A mail that can be judged. */
export interface AskedMail {
  readonly mail: WrittenMail;
  readonly attempts: readonly MailAttempt[];
}

/** What is wrong with what was told, as a sentence. */
export interface Refusal {
  readonly problem: string;
}

/**
 * Makes a mail of what was told.
 *
 * @param now epoch milliseconds
 * @param show how a part of it is called where it is told: `--client`, or `"client"`
 */
export function askedMail(
  told: ToldMail,
  now: number,
  show: (name: keyof ToldMail) => string,
): AskedMail | Refusal {
  const { client, from, to = [] } = told;
  if (client === undefined || from === undefined || to.length === 0) {
    const all = [show('client'), show('from'), show('to')];
    return { problem: `which mail? ${all.slice(0, 2).join(', ')} and ${all[2]} are needed` };
  }
  const refuse = ({ name, problem }: BadPart): Refusal => ({ problem: `${show(name)} ${problem}` });
  const at = readPart('at', told.at, (text) => parseInstant(text, now));
  if ('problem' in at) return refuse(at);
  const size = readPart('size', told.size, parseSize);
  if ('problem' in size) return refuse(size);
  const macros = readParts('macro', told.macro, parseMacro);
  if ('problem' in macros) return refuse(macros);
  const headers = readParts('header', told.header, parseHeader);
  if ('problem' in headers) return refuse(headers);
  const isMessage = headers.ok.length > 0 || size.ok !== undefined;
  const mail: WrittenMail = {
    client,
    name: told.name,
    helo: told.helo ?? told.name,
    from,
    to,
    macros: new Map([...macrosOf(told), ...macros.ok]),
    message: isMessage ? { headers: headers.ok, bytes: size.ok ?? 0 } : undefined,
    now: at.ok ?? now,
  };
  const attempts = readMail(mail);
  return 'ok' in attempts
    ? { mail, attempts: attempts.ok }
    : { problem: `${show('client')} ${client} ${attempts.problem}` };
}

/** Reads a mail from a line of JSON, whose keys are the options' names; a line of the log will do. */
export function askedLine(line: string, now: number): AskedMail | Refusal {
  const told = readObject(line);
  return 'problem' in told ? told : askedMail(told, now, (name) => `"${name}"`);
}

function readObject(line: string): ToldMail | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'this is no JSON object' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'this is no JSON object' };
  }
  const told: Record<string, string | readonly string[]> = {};
  for (const [key, part] of Object.entries(value)) {
    if (!isOption(key)) {
      if (logKeys.has(key)) continue;
      const near = nearest(key, Object.keys(mailOptions));
      const hint = near === undefined ? '' : `: did you mean "${near}"?`;
      return { problem: `"${key}" is an unknown key${hint}` };
    }
    const takesList = 'array' in mailOptions[key];
    const texts = textsOf(part);
    if (texts === undefined || (!takesList && Array.isArray(part))) {
      return { problem: `"${key}" must be a text${takesList ? ', or a list of texts' : ''}` };
    }
    told[key] = takesList ? texts : (texts[0] ?? '');
  }
  return told;
}

function isOption(key: string): key is keyof typeof mailOptions {
  return Object.hasOwn(mailOptions, key);
}

function textsOf(part: unknown): readonly string[] | undefined {
  const parts: readonly unknown[] = Array.isArray(part) ? part : [part];
  const texts = parts.map((each) => (typeof each === 'number' ? String(each) : each));
  return texts.every((each) => typeof each === 'string') ? texts : undefined;
}

/** What the MTA says of the client, as far as it follows from what was told. */
function macrosOf(told: ToldMail): readonly (readonly [symbol: string, value: string])[] {
  const { client = '', name, login } = told;
  const subject = told['tls-subject'];
  const known: readonly (readonly [string, string | undefined])[] = [
    ['{client_addr}', client],
    ['{client_name}', name ?? 'unknown'],
    ['{client_ptr}', name],
    ['{client_resolve}', name === undefined ? undefined : 'OK'],
    ['{auth_authen}', login],
    ['{tls_version}', told['tls-version']],
    ['{cipher}', told['tls-cipher']],
    ['{cert_subject}', subject],
    ['{cert_issuer}', told['tls-issuer']],
    ['{verify}', subject === undefined ? undefined : 'OK'],
  ];
  return known.flatMap(([symbol, value]) => (value === undefined ? [] : [[symbol, value]]));
}

interface BadPart {
  readonly name: keyof ToldMail;
  readonly problem: string;
}

type Part<T> = { readonly ok: T } | BadPart;

function readPart<T>(
  name: keyof ToldMail,
  text: string | undefined,
  parse: (text: string) => Parsed<T>,
): Part<T | undefined> {
  if (text === undefined) return { ok: undefined };
  const parsed = parse(text);
  if ('ok' in parsed) return parsed;
  const hint = parsed.hint === undefined ? '' : `: ${parsed.hint}`;
  return { name, problem: `${text} ${parsed.problem}${hint}` };
}

function readParts<T>(
  name: keyof ToldMail,
  texts: readonly string[] | undefined,
  parse: (text: string) => Parsed<T>,
): Part<readonly T[]> {
  const values: T[] = [];
  for (const text of texts ?? []) {
    const part = readPart(name, text, parse);
    if ('problem' in part) return part;
    if (part.ok !== undefined) values.push(part.ok);
  }
  return { ok: values };
}

function parseMacro(text: string): Parsed<readonly [symbol: string, value: string]> {
  const [, name = '', value] = /^\{?([^={}\s]+)\}?=(.*)$/s.exec(text) ?? [];
  if (value === undefined) {
    return { problem: 'is no macro', hint: 'write name=value, as in daemon_name=MX' };
  }
  return { ok: [name.length === 1 ? name : `{${name}}`, value] };
}

function parseHeader(text: string): Parsed<readonly [name: string, value: string]> {
  const [, name = '', value] = /^([!-9;-~]+):\s*(.*)$/s.exec(text) ?? [];
  if (value === undefined) {
    return { problem: 'is no header field', hint: "write 'Subject: hello'" };
  }
  return { ok: [name, value] };
}

/** Reads a date with its time and zone, or `+5m` from now; epoch milliseconds. */
function parseInstant(text: string, now: number): Parsed<number> {
  if (text.startsWith('+')) {
    const span = parseDuration(text.slice(1));
    return 'ok' in span ? { ok: now + span.ok } : span;
  }
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at) && at >= 0) return { ok: at };
  return { problem: 'is no time', hint: 'write 2026-11-21T03:00:00Z, or +5m for in five minutes' };
}
