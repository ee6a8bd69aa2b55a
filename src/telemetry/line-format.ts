import type { Decision } from '../greylist/decision.js';
import type { LogFields, LogLevel } from './logger.js';

/** What a message of the daemon itself consists of. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly message: string;
  /** Keys are written in the code, so that they are words of lower-case letters and hyphens. */
  readonly fields: LogFields | undefined;
}

/** Turns what is logged into one line without its line feed. `at` is the time as text. */
export interface LineFormat {
  /** At `info` without a level. */
  readonly decision: (at: string, decision: Decision, level?: LogLevel) => string;
  readonly message: (at: string, message: LogMessage) => string;
  /** The level at which a decision is said in these words, if it is another than it is given. */
  readonly levelOf?: (decision: Decision, level: LogLevel) => LogLevel;
}

/** The longest sentence or value of a message, in UTF-16 units: enough for a stack trace. */
export const MAX_MESSAGE_VALUE = 4096;
