import type { DnsListLog } from './dns-list.js';

/** A minute: enough to see that it goes on, and no flood while it does. */
const PERIOD_MS = 60_000;

/** Tells of servers that do not work, of each once in a while however often it is asked. */
export class LookupLog {
  readonly #log: DnsListLog | undefined;
  readonly #clock: { now(): number };
  /** By what is said and its name, which the configuration has given, so that these are few. */
  readonly #told = new Map<string, { at: number; silent: number }>();

  constructor(log: DnsListLog | undefined, clock: { now(): number }) {
    this.#log = log;
    this.#clock = clock;
  }

  failed(message: string, fields: { readonly name: string; readonly problem: string }): void {
    const key = `${message} ${fields.name}`;
    const now = this.#clock.now();
    const told = this.#told.get(key);
    if (told !== undefined && now >= told.at && now - told.at < PERIOD_MS) {
      told.silent += 1;
      return;
    }
    const more = told === undefined || told.silent === 0 ? {} : { unreported: String(told.silent) };
    this.#told.set(key, { at: now, silent: 0 });
    this.#log?.warn(message, { ...fields, ...more });
  }
}
