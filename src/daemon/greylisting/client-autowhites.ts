import {
  countPass,
  isExempt,
  renewExempt,
  type ClientAutowhite,
  type SameSite,
} from '../../greylist/client-autowhite.js';
import { encodeClientAutowhite } from '../../greylist/client-autowhite-codec.js';
import { changeEntry } from '../../store/change-entry.js';
import type { GreylistStore, MaybePromise, NewEntry, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { ClientVisit } from './client-visit.js';
import { describeError } from '../process/describe-error.js';
import { readClient } from './read-client.js';

type Entry = StoreEntry | undefined;

/** More conflicts than this in a row, and a point is lost, which is no harm. */
const maxConflicts = 10;

/** Names are not looked at where single addresses are counted. */
const nobodyElse: SameSite = () => false;

/**
 * Keeps the records of clients whose triplets pass one after the other. None of it decides whether a
 * triplet may wait, so a store that fails costs a point or an exemption, and never an answer; that it fails
 * is logged with the triplet.
 */
export class ClientAutowhites {
  readonly #store: GreylistStore;
  readonly #logger: Logger;
  #sameSite: SameSite | undefined;

  constructor(store: GreylistStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Reads ahead what {@link exempts} needs. What fails there is heard of by whoever needs it. */
  look(client: ClientVisit): MaybePromise<FoundClient> {
    const found = this.#lookUp(client);
    if (found instanceof Promise) found.catch(() => undefined);
    return found;
  }

  /** Whether its mail passes without a triplet; it is renewed then. Never throws or rejects. */
  exempts(
    client: ClientVisit,
    now: number,
    found: MaybePromise<FoundClient> = this.#lookUp(client),
  ): MaybePromise<boolean> {
    if (!(found instanceof Promise)) return this.#judge(client, found, now);
    return found.then(
      (later) => this.#judge(client, later, now),
      (error: unknown) => this.#failed(client, error),
    );
  }

  /** Counts a first pass, if it counts. What can be stored at once is stored with the triplet. */
  count(client: ClientVisit, now: number): void {
    this.#count(client, now).catch((error: unknown) => this.#failed(client, error));
  }

  /** Takes away what a client has earned. */
  forget(client: ClientVisit): void {
    this.#forget(client).catch((error: unknown) => this.#failed(client, error));
  }

  #judge(client: ClientVisit, { entry, record, isSameSite }: FoundClient, now: number): boolean {
    if (record === undefined || !isExempt(record, client.visit, isSameSite, now)) return false;
    const renewed = renewExempt(record, client.settings, now);
    if (renewed !== undefined) {
      this.#set(client, entry, renewed).catch((error: unknown) => this.#failed(client, error));
    }
    return true;
  }

  async #count(client: ClientVisit, now: number): Promise<void> {
    const later = this.#sameSiteFor(client);
    const isSameSite = later instanceof Promise ? await later : later;
    let next: ClientAutowhite | undefined;
    await changeEntry(this.#store, { key: client.key, maxConflicts }, (entry) => {
      const record = entry && readClient(client.key, entry.value, this.#logger);
      if (record === 'newer') return 'keep';
      next = countPass(record, client.visit, client.settings, { isSameSite, now });
      return next === undefined ? 'keep' : entryOf(next);
    });
    if (next?.isExempt === true) this.#tell('client is exempt from now on', client);
  }

  async #forget(client: ClientVisit): Promise<void> {
    const { entry, record } = await this.#lookUp(client);
    if (entry === undefined) return;
    await this.#store.delete(client.key);
    if (record?.isExempt === true) this.#tell('client is no longer exempt', client);
  }

  #lookUp(client: ClientVisit): MaybePromise<FoundClient> {
    const isSameSite = this.#sameSiteFor(client);
    const entry = this.#get(client);
    if (isSameSite instanceof Promise || entry instanceof Promise) {
      return Promise.all([entry, isSameSite]).then((both) => this.#found(client, ...both));
    }
    return this.#found(client, entry, isSameSite);
  }

  #found(client: ClientVisit, entry: Entry, isSameSite: SameSite): FoundClient {
    const record = entry && readClient(client.key, entry.value, this.#logger);
    return { entry, record: record === 'newer' ? undefined : record, isSameSite };
  }

  #get({ key }: ClientVisit): MaybePromise<Entry> {
    try {
      return this.#store.get(key);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #set({ key }: ClientVisit, entry: Entry, next: ClientAutowhite): Promise<boolean> {
    return await this.#store.compareAndSet(key, entry, entryOf(next));
  }

  // What reads the public suffix list takes its time to load, and few sites need it for this.
  #sameSiteFor({ settings }: ClientVisit): MaybePromise<SameSite> {
    if (settings.count !== 'network') return nobodyElse;
    return (
      this.#sameSite ??
      import('../../mail/same-site.js').then(({ areOfOneSite }) => (this.#sameSite = areOfOneSite))
    );
  }

  #tell(what: string, { visit: { host, domain }, settings }: ClientVisit): void {
    this.#logger.info(what, {
      client: host.address.text,
      name: host.name,
      count: settings.count,
      domain: settings.count === 'sender-domain' ? domain : undefined,
    });
  }

  #failed({ key }: ClientVisit, error: unknown): false {
    this.#logger.debug('client autowhite goes without the store', { ...describeError(error), key });
    return false;
  }
}

function entryOf(record: ClientAutowhite): NewEntry {
  return { value: encodeClientAutowhite(record), expiresAt: record.expiresAt };
}

/** What is stored of a client, and how hosts are told from each other. */
export interface FoundClient {
  readonly entry: Entry;
  readonly record: ClientAutowhite | undefined;
  readonly isSameSite: SameSite;
}
