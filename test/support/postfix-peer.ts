import { connect } from 'node:net';
import type { SocketAddress } from '../../src/config/socket-address.js';
import {
  PolicyClient,
  type Attributes,
  type PolicyAction,
} from '../../src/protocols/postfix-policy/index.js';
import { postfixAttributes } from './postfix-attributes.js';

/** A client that is nobody in particular, and to whom it writes. */
const usual = {
  ...postfixAttributes,
  client_address: '203.0.113.7',
  client_name: 'mail.client.example',
  client_port: '40000',
  reverse_client_name: 'mail.client.example',
  helo_name: 'mail.client.example',
  sender: 'alice@client.example',
  recipient: 'bob@example.org',
  instance: '',
  size: '1000',
} as const;

/** Attributes by name; those that are left out are as usual. */
export type Told = Readonly<Partial<Record<keyof typeof usual, string>>>;

/** Asks as Postfix's smtpd does. */
export class PostfixPeer {
  readonly #client: PolicyClient;
  #messages = 0;

  constructor(address: SocketAddress) {
    const socket =
      address.kind === 'unix'
        ? connect({ path: address.path })
        : connect({ host: address.host, port: address.port });
    this.#client = new PolicyClient(socket);
  }

  /** A name for the next message, as Postfix makes one for each. */
  nextInstance(): string {
    return `1a2b.65930000.${++this.#messages}.0`;
  }

  /** One recipient of a message of its own, unless `instance` says whose. */
  rcpt(told: Told = {}): Promise<PolicyAction> {
    return this.ask(Object.entries({ ...usual, instance: this.nextInstance(), ...told }));
  }

  /** Anything at all. */
  ask(attributes: Attributes): Promise<PolicyAction> {
    return this.#client.ask(attributes);
  }

  /** Hangs up. */
  drop(): void {
    void this.#client.close();
  }
}

/** A request as Postfix makes it, without what is named. */
export function requestWithout(...names: readonly string[]): Attributes {
  return Object.entries(usual).filter(([name]) => !names.includes(name));
}
