import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Attempt } from '../greylist/attempt.js';
import type { Decision } from '../greylist/decision.js';
import type { EnvelopeAddress } from '../mail/envelope-address.js';
import { LogError, type HiddenParty, type LogFields, type PrivacySettings } from './logger.js';

/** A key of fewer bytes could be tried out. */
const MIN_KEY_BYTES = 32;

/** 72 bits: two of a billion addresses hardly ever share one. */
const PSEUDONYM_LENGTH = 12;

/**
 * Puts pseudonyms in the place of addresses: a keyed hash, the same for the same address as long as
 * the key is, so that whoever counts still can. Domains stay, and the null sender.
 */
export class Pseudonyms {
  readonly #key: Buffer;
  readonly #hidden: ReadonlySet<HiddenParty>;

  /** @param key of 32 bytes or more */
  constructor(key: Buffer, hide: readonly HiddenParty[]) {
    this.#key = key;
    this.#hidden = new Set(hide);
  }

  /** A decision as the log may show it. */
  decision(decision: Decision): Decision {
    return { ...decision, attempt: this.attempt(decision.attempt) };
  }

  /** The same of what it is about. */
  attempt(attempt: Attempt): Attempt {
    const { login, certSubject, clientAddress, clientName, helo } = attempt;
    const hides = (party: HiddenParty): boolean => this.#hidden.has(party);
    return {
      ...attempt,
      sender: this.#party('sender', attempt.sender),
      recipient: this.#party('recipient', attempt.recipient),
      // It is a mailbox as a rule.
      login: hides('sender') ? login && this.#of(login) : login,
      // It names who sends, or from where.
      ...((hides('sender') || hides('client')) && {
        certSubject: certSubject && this.#of(certSubject),
      }),
      ...(hides('client') && {
        clientAddress: clientAddress && { ...clientAddress, text: this.#of(clientAddress.text) },
        clientName: clientName && this.#of(clientName),
        helo: helo && this.#of(helo),
      }),
    };
  }

  /** The fields of any other line. */
  fields(fields: LogFields): LogFields {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? this.#field(name, value, fields) : value,
      ]),
    );
  }

  #field(name: string, value: string, { client, record, addedAt }: LogFields): string {
    switch (name) {
      case 'from':
      case 'sender':
        return this.#hidden.has('sender') ? this.#mailbox(value) : value;
      case 'to':
      case 'recipient':
        return this.#hidden.has('recipient') ? this.#mailbox(value) : value;
      case 'name':
        // Of a server, or of something in the configuration.
        return client === undefined ? value : this.#client(value);
      case 'client':
      case 'helo':
        return this.#client(value);
      // A login, or a client; a login is a mailbox as a rule.
      case 'user':
        return this.#hidden.has('sender') || this.#hidden.has('client') ? this.#of(value) : value;
      // What was deleted, keys, and ids, which are made of the addresses.
      case 'key':
      case 'record':
        return this.#of(value);
      case 'id':
        return (record ?? addedAt) === undefined ? value : this.#of(value);
      case 'what':
        return value
          .replace(/\?.*$/s, '?…')
          .replace(/(?<=\/v1\/(?:records|exceptions)\/)[^/?\s]+/, (id) => this.#of(id));
      default:
        return value;
    }
  }

  #client(text: string): string {
    return this.#hidden.has('client') ? text.replace(/\S+/g, (word) => this.#of(word)) : text;
  }

  /** `<a@b.example>` or `a@b.example`; what is no mailbox stays. */
  #mailbox(text: string): string {
    return text.replace(/([^<>\s]+)(@[^<>@\s]*)/g, (_, local: string, domain: string) =>
      this.#hide(local, domain.toLowerCase()),
    );
  }

  #party(party: 'sender' | 'recipient', address: EnvelopeAddress): EnvelopeAddress {
    const { localPart, domain } = address;
    if (!this.#hidden.has(party) || address.text === '') return address;
    const text = this.#hide(localPart, domain === '' ? '' : `@${domain}`);
    return { text, localPart: text.slice(0, text.length - domain.length - 1), domain };
  }

  #hide(local: string, domain: string): string {
    return local === '' ? domain : `${this.#of(`${local}${domain}`)}${domain}`;
  }

  #of(text: string): string {
    const hash = createHmac('sha256', this.#key).update(text.toLowerCase()).digest('base64url');
    return `~${hash.slice(0, PSEUDONYM_LENGTH)}`;
  }
}

/**
 * Reads the key.
 *
 * @throws LogError LOG_KEY_UNUSABLE
 */
export function openPseudonyms(settings: PrivacySettings | null): Pseudonyms | undefined {
  if (settings === null) return undefined;
  const path = settings['key-file'];
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LogError('LOG_KEY_UNUSABLE', `log.privacy.key-file: ${reason}`, { cause });
  }
  if (key.length >= MIN_KEY_BYTES) return new Pseudonyms(key, settings.hide);
  const hint = `openssl rand -out ${path} ${MIN_KEY_BYTES}`;
  const problem = `${path} has fewer than ${MIN_KEY_BYTES} bytes: ${hint}`;
  throw new LogError('LOG_KEY_UNUSABLE', `log.privacy.key-file: ${problem}`);
}
