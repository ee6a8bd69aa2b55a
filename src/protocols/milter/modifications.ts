import { MilterProtocolError } from './errors.js';
import type { Action } from './flags.js';
import { encodePacket, encodeUint32 } from './packet-writer.js';

/** Both MTAs, and libmilter, take at most this many bytes in one payload. */
const maxPayloadBytes = 65_535;

/**
 * In which order changes are sent, whatever order they were asked for in: changing and deleting
 * count headers as the filter saw them, so they come before adding; deletions from the highest index
 * down, since Postfix renumbers after each and Sendmail does not; the body in one run, since Postfix
 * drops a filter that mixes it with other changes.
 */
const order = ['changeHeader', 'deleteHeader', 'addHeader', 'envelope', 'body'] as const;

type Group = (typeof order)[number];

/** One change, ready to be sent. */
export interface Modification {
  readonly action: Action;
  readonly group: Group;
  /** For deletions: the index, to sort by. */
  readonly index: number;
  readonly packets: readonly Buffer[];
}

function modification(
  action: Action,
  group: Group,
  packets: readonly Buffer[],
  index = 0,
): Modification {
  if (packets.some((packet) => packet.length > maxPayloadBytes + 5)) {
    throw invalid(`a change of more than ${maxPayloadBytes} bytes`);
  }
  return { action, group, index, packets };
}

function invalid(problem: string): MilterProtocolError {
  return new MilterProtocolError('MILTER_REPLY_INVALID', problem);
}

// A colon, a blank or an 8-bit byte in a name would end the header in what the MTA stores.
function checkName(name: string): string {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name)) throw invalid(`header name ${JSON.stringify(name)}`);
  return name;
}

// Lines are joined by LF alone: with CRLF both MTAs store a stray CR.
function checkValue(value: string): string {
  const text = value.replaceAll('\r', '');
  if (text.includes('\0')) throw invalid('a header value with NUL');
  if (/\n(?![ \t])/.test(text)) throw invalid('a header value with a line that is not continued');
  return text;
}

function checkIndex(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index > 0x7fffffff) {
    throw invalid(`header index ${index}`);
  }
  return index;
}

function checkString(text: string): string {
  if (/[\0\r\n]/.test(text)) throw invalid(`${JSON.stringify(text)} with NUL or a line end`);
  return text;
}

/** Adds a header: at the end, in Sendmail before the first of the same name. */
export function addHeader(name: string, value: string): Modification {
  const packet = encodePacket('h', `${checkName(name)}\0${checkValue(value)}\0`);
  return modification('addHeaders', 'addHeader', [packet]);
}

/** Inserts a header: 0 is above everything, also above the MTA's own Received. */
export function insertHeader(position: number, name: string, value: string): Modification {
  const at = encodeUint32(checkIndex(position));
  const packet = encodePacket('i', at, `${checkName(name)}\0${checkValue(value)}\0`);
  return modification('addHeaders', 'addHeader', [packet]);
}

/** Changes the index-th header (from 1) of that name, or, with an empty value, deletes it. */
export function changeHeader(name: string, index: number, value: string): Modification {
  const at = encodeUint32(checkIndex(index));
  const text = checkValue(value);
  const packet = encodePacket('m', at, `${checkName(name)}\0${text}\0`);
  return modification(
    'changeHeaders',
    text === '' ? 'deleteHeader' : 'changeHeader',
    [packet],
    index,
  );
}

/** Replaces the envelope sender; ESMTP arguments in one string, separated by blanks. */
export function changeSender(address: string, args?: string): Modification {
  const packet = encodePacket('e', checkString(address), '\0', argumentString(args));
  return modification('changeSender', 'envelope', [packet]);
}

/** Adds a recipient. Arguments need an action of their own. */
export function addRecipient(address: string, args?: string): Modification {
  return args === undefined
    ? modification('addRecipients', 'envelope', [encodePacket('+', checkString(address), '\0')])
    : modification('addRecipientsWithArguments', 'envelope', [
        encodePacket('2', checkString(address), '\0', argumentString(args)),
      ]);
}

/** Takes a recipient away, named as the MTA knows it. */
export function deleteRecipient(address: string): Modification {
  return modification('deleteRecipients', 'envelope', [
    encodePacket('-', checkString(address), '\0'),
  ]);
}

function argumentString(args: string | undefined): string {
  return args === undefined ? '' : `${checkString(args)}\0`;
}

/** Replaces the body; lines end in CRLF. Several calls make one body. */
export function replaceBody(body: Uint8Array): Modification {
  const packets: Buffer[] = [];
  for (let at = 0; at === 0 || at < body.length; at += maxPayloadBytes) {
    packets.push(encodePacket('b', body.subarray(at, at + maxPayloadBytes)));
  }
  return modification('changeBody', 'body', packets);
}

/** Holds the message back, in the MTA's quarantine. */
export function quarantine(reason: string): Modification {
  return modification('quarantine', 'envelope', [encodePacket('q', checkString(reason), '\0')]);
}

/** The packets of a message's changes, in the order in which every MTA does what was meant. */
export function inSafeOrder(changes: readonly Modification[]): Buffer[] {
  return order.flatMap((group) => {
    const members = changes.filter((change) => change.group === group);
    if (group === 'deleteHeader') members.sort((a, b) => b.index - a.index);
    return members.flatMap((change) => change.packets);
  });
}
