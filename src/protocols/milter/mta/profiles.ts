import type { AddressForm } from '../encode-event.js';
import type { EventName, Offer } from '../events.js';
import { replyTextFaults, type FilterFault } from './faults.js';

/**
 * How one MTA speaks to its filters: what Sendmail and Postfix do differently, as data. Sources are
 * the recorded conversations; PROTOCOL.md has the numbers.
 */
export interface MtaProfile {
  readonly name: 'postfix' | 'postfix-local' | 'sendmail';
  readonly offer: Offer;
  readonly addressForm: AddressForm;
  /** The macros sent with an event when the filter asks for none; absent: no MACRO packet, ever. */
  readonly macros: Readonly<Partial<Record<EventName, readonly string[]>>>;
  /** Events whose macros are sent although the event itself was suppressed. */
  readonly macrosWithoutEvent: ReadonlySet<EventName>;
  /** What an empty list in the filter's answer means. */
  readonly emptyMacroList: 'default' | 'none';
  /** A list for the end of the message counts only next to one for the end of the header. */
  readonly eomListNeedsEohList: boolean;
  readonly unknownMacroStage: 'skip' | 'stop';
  /** All events are sent to a filter that answers version 0 or 1, not only those of version 2. */
  readonly sendsAllBelowVersion2: boolean;
  /** From when on `i` has a value: from MAIL, or from the first accepted recipient. */
  readonly queueIdFrom: 'mail' | 'rcpt';
  /** What a filter hears of a recipient that the MTA itself refuses, unless it asked for more. */
  readonly refusedRecipient: 'macros' | 'nothing';
  /**
   * `lazy`: one for the end of each transaction and one for leaving HELO, written with the next
   * packet. `eager`: at once, and only inside a message that the filter has agreed to.
   */
  readonly aborts: 'lazy' | 'eager' | 'none';
  /** Whether the connection ends with QUIT when CONNECT or HELO settles the whole session. */
  readonly quitsAfterSessionVerdict: boolean;
  /** Without QUIT if the client vanishes while it sends the message. */
  readonly dropsSilentlyInData: boolean;
  /** Header fields above this are cut at a line; without it, the filter is given up. */
  readonly cutsHeadersAt: number | undefined;
  /** The faults of a filter that it does not notice, or does not mind. */
  readonly tolerates: ReadonlySet<FilterFault>;
}

/** What both offer, Sendmail since 8.14, Postfix since 2.6. */
const offer: Offer = { version: 6, actions: 0x1ff, steps: 0x1fffff };
const tlsMacros = ['{tls_version}', '{cipher}', '{cipher_bits}', '{cert_subject}', '{cert_issuer}'];
const queueId = ['i'];

const postfix: MtaProfile = {
  name: 'postfix',
  offer,
  addressForm: 'postfix',
  macros: {
    connect: ['j', '{daemon_name}', '{daemon_addr}', 'v', '_'],
    helo: tlsMacros,
    mail: [
      'i',
      '{auth_type}',
      '{auth_authen}',
      '{auth_author}',
      '{mail_addr}',
      '{mail_host}',
      '{mail_mailer}',
    ],
    rcpt: ['i', '{rcpt_addr}', '{rcpt_host}', '{rcpt_mailer}'],
    data: queueId,
    header: queueId,
    eoh: queueId,
    body: queueId,
    eom: queueId,
    unknown: [],
  },
  macrosWithoutEvent: new Set(['connect', 'helo', 'mail', 'rcpt', 'data', 'unknown']),
  emptyMacroList: 'default',
  eomListNeedsEohList: false,
  unknownMacroStage: 'skip',
  sendsAllBelowVersion2: true,
  queueIdFrom: 'rcpt',
  refusedRecipient: 'nothing',
  aborts: 'lazy',
  quitsAfterSessionVerdict: false,
  dropsSilentlyInData: false,
  cutsHeadersAt: 60_000,
  tolerates: new Set<FilterFault>([
    'agreement-version-zero',
    'agreement-version-one',
    'agreement-steps',
    'macro-lists-stage',
    'macro-lists-unannounced',
    'macro-lists-long',
    'answer-unexpected',
    'verdict-misplaced',
    'reply-nul-missing',
    'reply-nul-inside',
    'reply-percent',
    'reply-continuation',
    'reply-line-end',
    'reply-character',
    'progress-misplaced',
    'quarantine-misplaced',
    'change-not-negotiated',
  ]),
};

const sendmail: MtaProfile = {
  name: 'sendmail',
  offer,
  addressForm: 'sendmail',
  macros: {
    connect: ['j', '_', '{daemon_name}', '{if_name}', '{if_addr}'],
    helo: tlsMacros,
    mail: [
      'i',
      '{auth_type}',
      '{auth_authen}',
      '{auth_ssf}',
      '{auth_author}',
      '{mail_mailer}',
      '{mail_host}',
      '{mail_addr}',
    ],
    rcpt: ['{rcpt_mailer}', '{rcpt_host}', '{rcpt_addr}'],
    eom: ['{msg_id}'],
  },
  macrosWithoutEvent: new Set(['connect', 'helo', 'mail', 'rcpt', 'data']),
  emptyMacroList: 'none',
  eomListNeedsEohList: true,
  unknownMacroStage: 'stop',
  sendsAllBelowVersion2: false,
  queueIdFrom: 'mail',
  refusedRecipient: 'macros',
  aborts: 'eager',
  quitsAfterSessionVerdict: true,
  dropsSilentlyInData: true,
  cutsHeadersAt: undefined,
  tolerates: new Set<FilterFault>([
    'agreement-version-zero',
    'agreement-version-above',
    'macro-lists-stage',
    'macro-lists-unannounced',
    'macro-lists-long',
    'answer-unexpected',
    'verdict-misplaced',
    'verdict-payload',
    ...replyTextFaults,
    'change-not-negotiated',
    'change-malformed',
    'body-split',
  ]),
};

/**
 * The MTAs that a session can play. `postfixLocal` is what Postfix does with mail from the command
 * line: another process, which sends no ABORT and knows the queue id at once.
 */
export const mtaProfiles = {
  postfix,
  postfixLocal: { ...postfix, name: 'postfix-local', aborts: 'none', queueIdFrom: 'mail' },
  sendmail,
} as const satisfies Record<string, MtaProfile>;

/** The versions that Postfix offers with `milter_protocol`, with the steps it knows then. */
export const postfixOffers: Readonly<Record<2 | 3 | 4 | 6, Offer>> = {
  2: { version: 2, actions: 0x1ff, steps: 0x7f },
  3: { version: 3, actions: 0x1ff, steps: 0x17f },
  4: { version: 4, actions: 0x1ff, steps: 0x37f },
  6: offer,
};
