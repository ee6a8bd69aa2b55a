import type { Decision } from '../greylist/decision.js';
import type { LogFields, LogLevel } from './logger.js';

/** What a message of the daemon itself consists of. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly message: string;
  /** Keys are written in the code, so that they are words of lower-case letters and hyphens. */
  readonly fields: LogFields | undefined;
  /** Whose words they are; ours without it. */
  readonly origin?: 'rule' | undefined;
}

/** Turns what is logged into one line without its line feed. `at` is the time as text. */
export interface LineFormat {
  /** At `info` without a level. */
  readonly decision: (at: string, decision: Decision, level?: LogLevel) => string;
  readonly message: (at: string, message: LogMessage) => string;
  /** The level at which a decision is said in these words, if it is another than it is given. */
  readonly levelOf?: (decision: Decision, level: LogLevel) => LogLevel;
  /** The same of a message of the daemon. */
  readonly levelOfMessage?: (message: string, level: LogLevel) => LogLevel;
  /** Lines that these words have beside that of a decision, at debug level and before it. */
  readonly besideDecision?: (at: string, decision: Decision) => readonly string[];
  /** The same of a message of the daemon. */
  readonly besideMessage?: (at: string, message: LogMessage) => readonly string[];
}

/** The longest sentence or value of a message, in UTF-16 units: enough for a stack trace. */
export const MAX_MESSAGE_VALUE = 4096;

/** The same lines, each with something put around it. */
export function wrapLines(
  { decision, message, besideDecision, besideMessage, ...levels }: LineFormat,
  wrap: (at: string, line: string, level: LogLevel) => string,
): LineFormat {
  const wrapAside = (at: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => wrap(at, line, 'debug'));
  return {
    ...levels,
    decision: (at, made, level = 'info') => wrap(at, decision(at, made, level), level),
    message: (at, said) => wrap(at, message(at, said), said.level),
    ...(besideDecision && {
      besideDecision: (at, made) => wrapAside(at, besideDecision(at, made)),
    }),
    ...(besideMessage && { besideMessage: (at, said) => wrapAside(at, besideMessage(at, said)) }),
  };
}
