import type { Decision } from '../greylist/decision.js';

/** Levels of the daemon's own messages; decisions are logged at `info`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** What may stand in a log field; anything from the wire is escaped by the format. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The daemon's voice. Calls never throw, never wait and never reorder. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** One line for one decision, with the fields of docs: id, client, name, helo, from, to, … */
  decision(decision: Decision): void;
}
