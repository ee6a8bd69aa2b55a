import { connect } from 'node:net';
import type { SocketAddress } from '../../src/config/socket-address.js';
import {
  PolicyClient,
  type Attributes,
  type PolicyAction,
} from '../../src/protocols/postfix-policy/index.js';

/** What Postfix 3.7 sends of a client that is nobody in particular, in its order. */
const usual = {
  request: 'smtpd_access_policy',
  protocol_state: 'RCPT',
  protocol_name: 'ESMTP',
  client_address: '203.0.113.7',
  client_name: 'mail.client.example',
  client_port: '40000',
  reverse_client_name: 'mail.client.example',
  server_address: '192.0.2.25',
  server_port: '25',
  helo_name: 'mail.client.example',
  sender: 'alice@client.example',
  recipient: 'bob@example.org',
  recipient_count: '0',
  queue_id: '',
  instance: '',
  size: '1000',
  etrn_domain: '',
  stress: '',
  sasl_method: '',
  sasl_username: '',
  sasl_sender: '',
  ccert_subject: '',
  ccert_issuer: '',
  ccert_fingerprint: '',
  ccert_pubkey_fingerprint: '',
  encryption_protocol: '',
  encryption_cipher: '',
  encryption_keysize: '0',
  policy_context: '',
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
