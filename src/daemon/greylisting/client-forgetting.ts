import { correspondenceExpiresAt } from '../../greylist/advance.js';
import { parseClientAutowhiteKey } from '../../greylist/client-autowhite-key.js';
import { decodeCorrespondence, encodeCorrespondence } from '../../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../../greylist/correspondence-key.js';
import type { Correspondence, Source } from '../../greylist/correspondence.js';
import type { IpAddress } from '../../mail/ip-address.js';
import { ENDED, type GreylistStore, type StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';

/** What a wish to forget a client is logged with. */
export interface ForgettingCause {
  /** Of the attempt for which a rule has asked. */
  readonly id: string;
  /** The rule that has asked, and where it stands. */
  readonly rule: string | undefined;
  readonly line: number | undefined;
}

/** Waiting for the next scan; as many as that can have no reason but a flood. */
const maxWaiting = 10_000;
/** More conflicts than this in a row mean that the store is broken, not that it is busy. */
const maxConflicts = 10;

interface Wish extends ForgettingCause {
  removed: number;
}

/** By the text of their addresses. */
type Wishes = Map<string, Wish>;

/**
 * Forgets clients because rules say so. Records are kept by sender and recipient, so that all of
 * them have to be looked through: in the background, one scan at a time, and for all clients that
 * were to be forgotten when it begins.
 */
export class ClientForgetting {
  readonly #store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete' | 'scan'>;
  readonly #logger: Logger;
  #waiting: Wishes = new Map();
  #scanning: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete' | 'scan'>,
    logger: Logger,
  ) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Wants a client to be forgotten; never throws. One that waits already is forgotten once. */
  forget(client: IpAddress, cause: ForgettingCause): void {
    if (this.#isStopped || this.#waiting.has(client.text)) return;
    if (this.#waiting.size >= maxWaiting) {
      const fields = { id: cause.id, client: client.text };
      this.#logger.warn('too many clients to forget: one is left', fields);
      return;
    }
    this.#waiting.set(client.text, { ...cause, removed: 0 });
    this.#scanning ??= this.#scanAll().finally(() => (this.#scanning = undefined));
  }

  /** Ends once nothing is left to forget. */
  async settled(): Promise<void> {
    await this.#scanning;
  }

  /** Gives up what is left: the store is about to be closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.clear();
    await this.#scanning;
  }

  async #scanAll(): Promise<void> {
    // Several recipients of one message, and several messages of a client, want the same at once.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const wishes = this.#waiting;
      this.#waiting = new Map();
      try {
        await this.#scan(wishes);
      } catch (error) {
        const client = [...wishes.keys()].join(' ');
        this.#logger.error('clients cannot be forgotten', { client, ...describeError(error) });
        continue;
      }
      if (this.#isStopped) return;
      for (const [client, { id, removed, rule, line }] of wishes) {
        this.#logger.info('client forgotten', { id, client, removed, rule, line });
      }
    }
  }

  async #scan(wishes: Wishes): Promise<void> {
    for await (const [key, entry] of this.#store.scan()) {
      if (this.#isStopped) return;
      const client = parseClientAutowhiteKey(key);
      if (client !== undefined) {
        const wish = client.kind === 'address' ? wishes.get(client.address.text) : undefined;
        if (wish !== undefined) await this.#store.delete(key);
      } else if (parseCorrespondenceKey(key) !== undefined) {
        await this.#takeOut(key, entry, wishes);
      }
    }
  }

  /** What changes meanwhile is looked at again. */
  async #takeOut(key: string, found: StoreEntry, wishes: Wishes): Promise<void> {
    let entry: StoreEntry | undefined = found;
    for (let conflicts = 0; entry !== undefined && conflicts < maxConflicts; conflicts++) {
      const record = this.#decode(key, entry.value);
      if (record === undefined) return;
      const sources = record.sources.filter(({ address }) => !wishes.has(address.text));
      if (sources.length === record.sources.length) return;
      const gone = record.sources.filter((source) => !sources.includes(source));
      if (await this.#replace(key, entry, { ...record, sources })) {
        this.#tellGone(key, gone);
        for (const { address } of gone) {
          const wish = wishes.get(address.text);
          if (wish !== undefined) wish.removed += 1;
        }
        return;
      }
      entry = await this.#store.get(key);
    }
  }

  // Not deleted where nobody is left: by now somebody else may have begun there.
  async #replace(key: string, entry: StoreEntry, left: Correspondence): Promise<boolean> {
    const expiresAt = left.sources.length > 0 ? correspondenceExpiresAt(left) : ENDED;
    return await this.#store.compareAndSet(key, entry, {
      value: encodeCorrespondence(left),
      expiresAt,
    });
  }

  #tellGone(key: string, gone: readonly Source[]): void {
    const pair = parseCorrespondenceKey(key);
    if (pair === undefined || this.#logger.isDebug !== true) return;
    const parties = { from: pair.kind === 'pair' ? pair.sender : '', to: pair.recipient };
    for (const { address } of gone) {
      this.#logger.debug('triplet forgotten', { client: address.text, ...parties });
    }
  }

  #decode(key: string, value: Uint8Array): Correspondence | undefined {
    try {
      return decodeCorrespondence(value);
    } catch (error) {
      this.#logger.debug('record cannot be read', { key, ...describeError(error) });
      return undefined;
    }
  }
}
