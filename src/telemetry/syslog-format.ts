import { wrapLines, type LineFormat } from './line-format.js';
import type { LogLevel } from './logger.js';

/** RFC 5424, section 6.2.1. */
const SEVERITIES = {
  error: 3,
  warn: 4,
  info: 6,
  debug: 7,
} as const satisfies Record<LogLevel, number>;

/** Postgrey's: what it does is a notice. */
export const POSTGREY_SEVERITIES: Severities = { ...SEVERITIES, info: 5 };

type Severities = Readonly<Record<LogLevel, number>>;

/**
 * The same line for syslog: its severity in front, as `logger --prio-prefix` reads it, and without
 * the time, which syslog puts there itself.
 */
export function forSyslog(format: LineFormat, severities: Severities = SEVERITIES): LineFormat {
  return wrapLines(format, (at, line, level) => `<${severities[level]}>${withoutTime(at, line)}`);
}

// JSON has it as a field, and keeps it: an object is for programs, whatever is in front of it.
function withoutTime(at: string, line: string): string {
  return line.startsWith(`${at} `) ? line.slice(at.length + 1) : line;
}
