import type { Change, PeerReply } from '../support/filter-answer.js';
import type { TestDaemon } from '../support/daemon-harness.js';
import type { MtaPeer } from '../support/mta-peer.js';

/** A client as the MTA shows it. */
export interface Client {
  readonly address?: string;
  /** Verified, or `[address]`, as of whom an address is given without. */
  readonly name?: string;
  /** `4`, `6`, `L` or `U`. */
  readonly family?: string;
  readonly port?: number;
  readonly helo?: string;
  /** Macros of CONNECT. */
  readonly macros?: Readonly<Record<string, string>>;
}

/** What an MTA offers; by default what today's do. */
export interface OfferedProtocol {
  readonly version: number;
  readonly actions?: number;
  readonly steps?: number;
}

/** The steps that Postfix offers with each `milter_protocol`. */
export const offers = {
  2: { version: 2, steps: 0x7f },
  3: { version: 3, steps: 0x17f },
  4: { version: 4, steps: 0x37f },
  6: { version: 6, steps: 0x1fffff },
} as const satisfies Record<number, OfferedProtocol>;

/** One mail. */
export interface Envelope {
  readonly from?: string;
  readonly to?: readonly string[];
  /** Macros of MAIL. */
  readonly macros?: Readonly<Record<string, string>>;
}

/** Stands for the answer where the filter did not want to be asked. */
export const notAsked = 'not asked';

/** What a client was told about one mail: SMTP replies, or the kind of the filter's answer. */
export interface Told {
  readonly rcpt: readonly string[];
  /** Undefined if no recipient was left, or if the MTA has no such event. */
  readonly data: string | undefined;
  /** Undefined if it did not come to that. */
  readonly eom: string | undefined;
  /** The headers that the filter added, `X-Greylist: …`. */
  readonly headers: readonly string[];
}

export const sender = 'alice@client.example';
export const recipient = 'bob@example.org';

/** Connects and introduces a client, as both MTAs do. */
export async function openSession(
  peer: MtaPeer,
  client: Client = {},
  { version, actions, steps }: OfferedProtocol = offers[6],
): Promise<void> {
  await peer.negotiate(version, actions, steps);
  await introduce(peer, client);
}

/** CONNECT and HELO. */
export async function introduce(peer: MtaPeer, client: Client = {}): Promise<void> {
  const { address = '192.0.2.1', family = '4' } = client;
  // Of one name there is one client.
  const usual = client.address === undefined ? 'mail.client.example' : `[${address}]`;
  const { name = usual } = client;
  peer.macros('C', { j: 'mx.example.org', '{daemon_name}': 'mx.example.org', ...client.macros });
  await peer.connectEvent(name, address, {
    family,
    ...(client.port !== undefined && { port: client.port }),
  });
  peer.macros('H', {});
  await peer.helo(client.helo ?? 'mail.client.example');
}

/** One mail, as far as the filter lets it come; the client goes on with whoever passed. */
export async function sendMail(peer: MtaPeer, envelope: Envelope = {}): Promise<Told> {
  const { from = sender, to = [recipient], macros = {} } = envelope;
  peer.macros('M', macros);
  await peer.mail(`<${from}>`);
  const rcpt: string[] = [];
  for (const address of to) rcpt.push(await tryRecipient(peer, address));
  const passes = rcpt.includes('continue') || rcpt.includes(notAsked);
  if (!passes) return { rcpt, data: undefined, eom: undefined, headers: [] };
  return { rcpt, ...(await sendContent(peer)) };
}

/** RCPT. */
export async function tryRecipient(
  peer: MtaPeer,
  address: string,
  macros: Readonly<Record<string, string>> = {},
): Promise<string> {
  peer.macros('R', { '{rcpt_addr}': address, ...macros });
  return said(await peer.rcpt(`<${address}>`));
}

/** DATA and all that follows. */
export async function sendContent(peer: MtaPeer): Promise<Omit<Told, 'rcpt'>> {
  const answer = await peer.data();
  const data = answer && said(answer);
  if (data !== undefined && data !== 'continue') return { data, eom: undefined, headers: [] };
  await peer.header('Subject', 'hello');
  await peer.eoh();
  await peer.body('hello\r\n');
  const { reply, changes } = await peer.eom();
  return { data, eom: said(reply), headers: changes.map(asHeader) };
}

/** A whole SMTP session with one mail. */
export async function deliver(
  daemon: TestDaemon,
  { client, offer, ...envelope }: Envelope & { client?: Client; offer?: OfferedProtocol } = {},
): Promise<Told> {
  const peer = await daemon.connect();
  await openSession(peer, client, offer);
  const told = await sendMail(peer, envelope);
  await peer.quit();
  return told;
}

/** The SMTP reply, or the kind of the answer. */
export function said(answer: PeerReply | undefined): string {
  if (answer === undefined) return notAsked;
  return answer.kind === 'replycode' ? answer.text : answer.kind;
}

function asHeader(change: Change): string {
  if (change.kind !== 'addHeader') throw new Error(`a ${change.kind} is no header`);
  return `${change.name}: ${change.value}`;
}

/** What a new client is told to wait, with the settings of nearly all tests. */
export function waitFor(seconds: number): string {
  return `451 4.7.1 Greylisted, please try again in ${seconds} seconds`;
}
