import { commandTable } from '../commands.js';
import { expandIpv6 } from '../encode-event.js';
import type { ConnectEvent, EventName } from '../events.js';
import type { PacketOutput } from '../packet-output.js';
import type { MacroLists } from './agreement.js';
import type { MtaProfile } from './profiles.js';

/**
 * Values of macros: fixed ones by symbol, as MTAs write it (`i`, `{client_addr}`), over those that the
 * session knows itself; or a function, which then has to know all of them.
 */
export type MacroSource =
  Readonly<Record<string, string>> | ((symbol: string, event: EventName) => string | undefined);

/** A recipient that the MTA refuses itself. */
export interface Refusal {
  /** `5.1.1` */
  readonly enhanced: string;
  readonly text: string;
}

/** What a session knows, and macros are made of. */
export interface MtaFacts {
  /** The MTA's own host name. */
  readonly mtaName: string;
  client: ConnectEvent | undefined;
  sender: string;
  recipient: string;
  refusal: Refusal | undefined;
}

/** The symbols to be sent with each event, or none; settled once for a session. */
export type MacroPlan = Readonly<Partial<Record<EventName, readonly string[]>>>;

/** Sendmail sends none with single headers, body chunks or unknown commands, asked or not. */
const sendmailEvents: readonly EventName[] = [
  'connect',
  'helo',
  'mail',
  'rcpt',
  'data',
  'eoh',
  'eom',
];
const postfixEvents: readonly EventName[] = [...sendmailEvents, 'header', 'body', 'unknown'];

/** Joins an MTA's own lists with those that a filter asked for. */
export function planMacros(profile: MtaProfile, lists: MacroLists): MacroPlan {
  const plan: Partial<Record<EventName, readonly string[]>> = {};
  for (const event of profile.addressForm === 'sendmail' ? sendmailEvents : postfixEvents) {
    const symbols = symbolsFor(profile, lists, event);
    if (symbols !== undefined) plan[event] = symbols;
  }
  return plan;
}

function symbolsFor(
  profile: MtaProfile,
  lists: MacroLists,
  event: EventName,
): readonly string[] | undefined {
  const stage = commandTable[event].macroStage;
  const usual = profile.macros[event];
  if (stage === undefined) return usual;
  if (stage === 'eom' && profile.eomListNeedsEohList) {
    if (lists.eoh === undefined) return usual;
    return lists.eom?.length === 0 ? undefined : lists.eom;
  }
  const wanted = lists[stage];
  if (wanted === undefined) return usual;
  if (wanted.length > 0) return wanted;
  return profile.emptyMacroList === 'default' ? usual : undefined;
}

/** Writes the MACRO packet for an event; what has no value is left out. */
export function writeMacros(
  out: PacketOutput,
  event: EventName,
  symbols: readonly string[],
  valueOf: (symbol: string, event: EventName) => string | undefined,
): void {
  // All values first: what is asked for them may throw.
  const values = symbols.map((symbol) => valueOf(symbol, event));
  out.begin(commandTable.macro.byte);
  out.byte(commandTable[event].byte);
  symbols.forEach((symbol, index) => {
    const value = values[index];
    if (value === undefined) return;
    out.string(symbol);
    out.string(value);
  });
  out.end();
}

/** What an MTA would say for a symbol; undefined for what it has no value for. */
export function usualValue(
  symbol: string,
  facts: MtaFacts,
  profile: MtaProfile,
): string | undefined {
  const isSendmail = profile.addressForm === 'sendmail';
  switch (symbol.startsWith('{') ? symbol.slice(1, -1) : symbol) {
    case 'j':
      return facts.mtaName;
    case 'v':
      return isSendmail ? '8.17.1.9' : 'Postfix 3.7.11';
    case 'daemon_name':
      return isSendmail ? 'MTA' : facts.mtaName;
    case 'mail_addr':
      return bare(facts.sender);
    case 'mail_host':
      return senderHost(facts, isSendmail);
    case 'mail_mailer':
      return isSendmail ? 'esmtp' : 'smtp';
    case 'rcpt_mailer':
      return facts.refusal === undefined ? 'local' : 'error';
    case 'rcpt_host':
      return facts.refusal?.enhanced ?? (isSendmail ? '' : domainOf(bare(facts.recipient)));
    case 'rcpt_addr':
      return recipientAddress(facts, isSendmail);
    default:
      return facts.client && clientValue(symbol, facts.client, isSendmail);
  }
}

function clientValue(
  symbol: string,
  client: ConnectEvent,
  isSendmail: boolean,
): string | undefined {
  const { hostName, port } = client;
  const isNamed = !hostName.startsWith('[');
  const address = addressOf(client, isSendmail);
  const unnamed = isSendmail ? `[${address}]` : 'unknown';
  switch (symbol) {
    case '_': {
      const shown = isSendmail ? address : address.replace('IPv6:', '');
      return isNamed || !isSendmail ? `${isNamed ? hostName : unnamed} [${shown}]` : `[${shown}]`;
    }
    case '{client_addr}':
      return address;
    case '{client_name}':
    case '{client_ptr}':
      return isNamed ? hostName : unnamed;
    case '{client_port}':
      return String(port);
    case '{client_resolve}':
      return isNamed ? 'OK' : 'FAIL';
    default:
      return undefined;
  }
}

/** Here both MTAs write the prefix, also the one that leaves it out of CONNECT. */
function addressOf({ family, address }: ConnectEvent, isSendmail: boolean): string {
  if (family === 'unknown') return 'unknown';
  if (family !== 'inet6') return address;
  return `IPv6:${isSendmail ? expandIpv6(address) : address}`;
}

function senderHost({ sender, mtaName }: MtaFacts, isSendmail: boolean): string {
  const domain = domainOf(bare(sender));
  if (isSendmail) return domain === '' ? '' : `${domain}.`;
  return domain === '' ? mtaName : domain;
}

/** Sendmail shows a local user's name alone, Postfix the whole address. */
function recipientAddress({ recipient, refusal }: MtaFacts, isSendmail: boolean): string {
  if (refusal !== undefined) return refusal.text;
  const address = bare(recipient);
  const at = address.lastIndexOf('@');
  if (at === -1) return address;
  const local = address.slice(0, at);
  return isSendmail ? local : `${local.toLowerCase()}${address.slice(at)}`;
}

function bare(address: string): string {
  return address.startsWith('<') ? address.slice(1, -1) : address;
}

function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : address.slice(at + 1);
}
