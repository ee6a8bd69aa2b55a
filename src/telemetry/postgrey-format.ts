import type { Decision } from '../greylist/decision.js';
import { whitelistRules } from '../greylist/whitelist-rules.js';
import { HIDDEN } from '../mail/hidden-characters.js';
import { MAX_DECISION_VALUE } from './decision-fields.js';
import { MAX_MESSAGE_VALUE, wrapLines, type LineFormat, type LogMessage } from './line-format.js';
import { clip, formatTextSentence, formatTextValue } from './log-value.js';

const FIELD = '(?:action|reason|delay|client_name|client_address|sender|recipient)';

/** What could end a value, or begin a field, for whoever reads the line. */
const UNSAFE = new RegExp(`[\\s,\\\\]|${HIDDEN.source}|(?<=${FIELD})=`, 'gu');

/** Such a character as `\x2c`; nobody's values look like fields then, whatever is in them. */
function safe(value: string): string {
  return clip(value, MAX_DECISION_VALUE).replace(UNSAFE, (character) => {
    const code = Number(character.codePointAt(0)).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\x{${code}}`;
  });
}

/** MTAs make them of letters and digits; our own, which stand in for them, have a dot. */
const QUEUE_ID = /^[A-Za-z0-9]{1,64}$/;

function formatDecision(_at: string, decision: Decision): string {
  const { id, clientAddress, clientName, sender, recipient } = decision.attempt;
  let line = QUEUE_ID.test(id) ? `${id}: ` : '';
  line += `action=${actionOf(decision)}, reason=${safe(reasonOf(decision)).replaceAll('\\x20', ' ')}`;
  const delay = delayOf(decision);
  if (delay !== undefined) line += `, delay=${delay}`;
  line += `, client_name=${clientName ?? 'unknown'}`;
  if (clientAddress !== undefined) line += `, client_address=${clientAddress.text}`;
  if (sender.text !== '') line += `, sender=${safe(sender.text)}`;
  if (recipient.text !== '') line += `, recipient=${safe(recipient.text)}`;
  return line;
}

function actionOf({ verdict }: Decision): string {
  switch (verdict) {
    case 'accept':
      return 'pass';
    case 'tempfail':
      return 'greylist';
    case 'reject':
    case 'discard':
    case 'quarantine':
      return verdict;
  }
}

/** Postgrey's word where it has one, or ours; with the mode where nobody is put off. */
function reasonOf(decision: Decision): string {
  const reason = wordOf(decision);
  return decision.verdict === decision.would ? reason : `${reason} (${decision.mode})`;
}

/** Postgrey's words; it has none for what is not here. */
const WORDS: Readonly<Partial<Record<Decision['reason'], string>>> = {
  'greylist-new': 'new',
  'greylist-expired': 'new',
  'greylist-passed': 'triplet found',
  'greylist-known': 'triplet found',
  pool: 'triplet found',
  patience: 'triplet found',
  'client-autowhite': 'client AWL',
};

function wordOf(decision: Decision): string {
  const { reason } = decision;
  if (reason === 'greylist-early') return `early-retry (${missing(decision)}s missing)`;
  return reason === 'rule' ? ofRule(decision.rule) : (WORDS[reason] ?? reason);
}

function ofRule(rule: string | undefined): string {
  const isWhitelist = rule === whitelistRules.clients || rule === whitelistRules.recipients;
  return isWhitelist ? rule : `rule ${rule ?? ''}`.trimEnd();
}

function missing(decision: Decision): number {
  return decision.would === 'tempfail' ? Math.ceil((decision.waitMs ?? 0) / 1000) : 0;
}

/** Of the mail that has waited, and not of what comes after it. */
function delayOf(decision: Decision): number | undefined {
  if (decision.would !== 'accept' || decision.delayedMs === undefined) return undefined;
  const hasWaited = decision.reason === 'greylist-passed' || decision.reason === 'patience';
  return hasWaited ? Math.floor(decision.delayedMs / 1000) : undefined;
}

/** What Postgrey says at the same occasion, for those who wait for it. */
const SENTENCES: Readonly<Record<string, (at: Date, { fields }: LogMessage) => string>> = {
  'greymilter is starting': (at, { fields }) =>
    `${perlTime(at)} postgrey (type Net::Server::Multiplex) starting! pid(${fields?.['pid'] ?? 0})`,
  stopped: (at) => `${perlTime(at)} Server closing!`,
  'client is exempt from now on': (_at, { fields }) =>
    `whitelisted: ${fields?.['name'] ?? 'unknown'}[${fields?.['client'] ?? ''}]`,
  'configuration reloaded': () => 'HUP received: reloading whitelists...',
};

const PREFIXES = { error: 'ERROR: ', warn: 'WARNING: ', info: '', debug: '' } as const;

function formatMessage(at: string, said: LogMessage): string {
  const { level, message, fields } = said;
  const sentence = Object.hasOwn(SENTENCES, message) ? SENTENCES[message] : undefined;
  if (sentence !== undefined) return sentence(new Date(at), said);
  let line = PREFIXES[level] + formatTextSentence(clip(message, MAX_MESSAGE_VALUE));
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    line += ` ${key}=${formatTextValue(clip(String(value), MAX_MESSAGE_VALUE))}`;
  }
  return line;
}

/** `2026/11/21-03:16:09`, local as all times of Postgrey. */
function perlTime(at: Date): string {
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return `${date.map(twoDigits).join('/')}-${timeOfDay(at)}`;
}

function timeOfDay(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * The lines of Postgrey 1.37, for programs that read these:
 *
 *     action=greylist, reason=new, client_name=…, client_address=192.0.2.1, sender=…, recipient=…
 *     4QX: action=pass, reason=triplet found, delay=312, client_name=…
 *
 * There is no time in them: syslog and the journal put it in front. Other than in Postgrey no value
 * can look like a field: blanks, commas, backslashes and what cannot be seen are escaped, as is a `=`
 * behind the name of a field. What Postgrey has no word for has ours.
 */
export const postgreyFormat: LineFormat = { decision: formatDecision, message: formatMessage };

/** The same for a file, with what syslog would put in front: `Nov 21 03:16:09 mx postgrey[123]: `. */
export function withSyslogHead(
  format: LineFormat,
  { host, tag, pid }: { readonly host: string; readonly tag: string; readonly pid: number },
): LineFormat {
  return wrapLines(
    format,
    (at, line) => `${syslogTime(new Date(at))} ${host} ${tag}[${pid}]: ${line}`,
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'].concat([
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]);

/** RFC 3164 section 4.1.2: the day has a blank where it has one digit. */
function syslogTime(at: Date): string {
  const day = String(at.getDate()).padStart(2);
  return `${MONTHS[at.getMonth()] ?? ''} ${day} ${timeOfDay(at)}`;
}
