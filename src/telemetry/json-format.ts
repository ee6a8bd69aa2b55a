import type { Decision } from '../greylist/decision.js';
import { DECISION_FIELDS } from './decision-fields.js';
import { MAX_MESSAGE_VALUE, type LineFormat, type LogMessage } from './line-format.js';
import { clip, formatJsonString } from './log-value.js';
import type { LogLevel } from './logger.js';

const FIELDS = DECISION_FIELDS.map(({ name, read }) => ({ key: `,"${name}":`, read }));

/** JSON has no NaN and no infinities. */
function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

function formatDecision(at: string, decision: Decision, level: LogLevel = 'info'): string {
  let line = `{"time":"${at}","level":"${level}"`;
  for (const field of FIELDS) {
    const value = field.read(decision);
    if (typeof value === 'string') line += field.key + formatJsonString(value);
    else if (value !== undefined) line += field.key + formatNumber(value);
  }
  return `${line}}`;
}

function formatMessage(at: string, { level, message, fields }: LogMessage): string {
  const sentence = formatJsonString(clip(message, MAX_MESSAGE_VALUE));
  let line = `{"time":"${at}","level":"${level}","message":${sentence}`;
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    line += `,${formatJsonString(key)}:`;
    if (typeof value === 'string') line += formatJsonString(clip(value, MAX_MESSAGE_VALUE));
    else line += typeof value === 'number' ? formatNumber(value) : String(value);
  }
  return `${line}}`;
}

/**
 * One JSON object a line, in pure ASCII, with the names and the order of the text format: `time`
 * and `level`, then the fields of a decision (it alone has `verdict`), or `message` and the fields
 * of a message. Numbers are numbers; what is unknown is left out, `client` as well, so that it can
 * be read into a column of addresses.
 */
export const jsonFormat: LineFormat = { decision: formatDecision, message: formatMessage };
