import type { Decision } from '../greylist/decision.js';
import { DECISION_FIELDS } from './decision-fields.js';
import { MAX_MESSAGE_VALUE, type LineFormat, type LogMessage } from './line-format.js';
import { clip, formatTextSentence, formatTextValue } from './log-value.js';
import type { LogLevel } from './logger.js';

const FIELDS = DECISION_FIELDS.map(({ name, read }) => ({ key: ` ${name}=`, read }));

function formatDecision(at: string, decision: Decision, level: LogLevel = 'info'): string {
  let line = `${at} ${level}`;
  for (const field of FIELDS) {
    const value = field.read(decision);
    if (typeof value === 'string') line += field.key + formatTextValue(value);
    else if (value !== undefined) line += field.key + String(value);
    // The one field that stands even if there is nothing to say, because every reader asks for it.
    else if (field.key === ' client=') line += ' client=-';
  }
  return line;
}

function formatMessage(at: string, { level, message, fields }: LogMessage): string {
  let line = `${at} ${level} ${formatTextSentence(clip(message, MAX_MESSAGE_VALUE))}`;
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    line += ` ${key}=${formatTextValue(clip(String(value), MAX_MESSAGE_VALUE))}`;
  }
  return line;
}

/**
 * One line for people, grep, awk and readers of logfmt:
 *
 *     2026-11-21T04:55:00.123Z info verdict=tempfail reason=greylist-new id=4Qx client=192.0.2.1 …
 *     2026-11-21T04:55:00.123Z info listening socket=unix:/run/greymilter/milter.sock
 *
 * Time and level come first and without a name; then, for a decision, its fields, of which verdict
 * and reason are always the third and fourth word; for a message, its sentence and then its fields.
 * A value of printable ASCII other than space, `"`, `=` and `\` stands as it is; any other is a
 * JSON string. Hence a word that begins with `key=` outside quotes is that field and no other, and
 * nothing that a client sends can look like one. What is unknown is left out; only `client` is then
 * `-`.
 */
export const textFormat: LineFormat = { decision: formatDecision, message: formatMessage };
