import type { Decision } from '../greylist/decision.js';

/** Levels of the daemon's own messages; decisions are logged at `info`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** What may stand in a log field; anything from the wire is escaped by the format. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The daemon's voice. Calls never throw, never wait and never reorder. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param origin `rule`: the words are those that a rule's text has come to, and no message of ours */
  info(message: string, fields?: LogFields, origin?: 'rule'): void;
  debug(message: string, fields?: LogFields): void;
  /** Whether debug lines are written: what they say may take long to find out. Absent: no. */
  readonly isDebug?: boolean;
  /**
   * One line for one decision, with the fields of docs: id, client, name, helo, from, to, …
   *
   * @param level `info` without it
   */
  decision(decision: Decision, level?: LogLevel): void;
}

/** How a line looks: `key=value` for people, or one JSON object. */
export type LogFormatName = 'text' | 'json';

/** Whose words lines of text have: ours, or those of another greylister for programs that read its log. */
export type LogStyle = 'greymilter' | 'postgrey' | 'milter-greylist';

/** Where lines go; the console is standard error, the tag is what syslog calls us. */
export type LogDestination =
  | { readonly kind: 'console' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'syslog'; readonly facility: string; readonly tag: string };

/** Everything about the log that a reload may change. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormatName;
  /** Our own without it; nothing to JSON. */
  readonly style?: LogStyle;
  readonly to: LogDestination;
  /** Whose addresses are shown as pseudonyms; nobody's without it. */
  readonly privacy?: PrivacySettings | null;
}

/** Whose addresses may be hidden. */
export type HiddenParty = 'sender' | 'recipient' | 'client';

/** What a log shows of people. */
export interface PrivacySettings {
  readonly 'key-file': string;
  readonly hide: readonly HiddenParty[];
}

/** A logger together with what only its owner, the composition of the daemon, may do to it. */
export interface ManagedLogger extends Logger {
  /** Takes effect with the next call. */
  setLevel(level: LogLevel): void;
  /**
   * All or nothing: takes the settings over and opens the destination afresh, also if it is the
   * same one, so that SIGHUP needs no second call for logrotate.
   * @throws LogError if the destination cannot be opened; everything then stays as it was.
   */
  reconfigure(settings: LogSettings): void;
  /**
   * Opens the log file again by its name, after logrotate has renamed or somebody removed it.
   * @throws LogError if that fails; the file that is open stays in use.
   */
  reopen(): void;
  /**
   * Writes at once, and waiting for it, what is still in memory. For the process's `exit` event,
   * where nothing asynchronous happens any more.
   */
  flush(): void;
  /**
   * Writes what is left, without holding up anything else, and closes the file; later lines are
   * dropped. Gives up on what a failing destination refuses. Takes as long as the destination
   * does, so give it a time limit and exit after that.
   */
  close(): Promise<void>;
  /** Lines that were lost because the destination refused them for too long. */
  readonly droppedLines: number;
}

/** What can go wrong with a log, apart from what it copes with by itself. */
export type LogErrorCode =
  | 'LOG_CANNOT_OPEN'
  /** The key for pseudonyms is not there, or too short. */
  | 'LOG_KEY_UNUSABLE';

/** A log that cannot be what its settings say. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
