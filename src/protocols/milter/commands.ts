import {
  decodeBody,
  decodeConnect,
  decodeEnvelope,
  decodeHeader,
  decodeHelo,
  decodeMacro,
  decodeNothing,
  decodeOffer,
  decodeUnknown,
} from './decode-event.js';
import {
  encodeBody,
  encodeConnect,
  encodeEnvelope,
  encodeHeader,
  encodeHelo,
  encodeMacro,
  encodeNothing,
  encodeOffer,
  encodeUnknown,
  type EncodeEvent,
} from './encode-event.js';
import type { CommandEvents, CommandName } from './events.js';
import { stepFlags } from './flags.js';
import type { PayloadReader } from './payload-reader.js';

/**
 * The stages that have macros of their own, in the order in which an SMTP session goes through
 * them; a macro is looked up from the last to the first.
 */
export const macroStages = ['connect', 'helo', 'mail', 'rcpt', 'data', 'eoh', 'eom'] as const;

/** A stage that has macros. */
export type MacroStage = (typeof macroStages)[number];

/**
 * The stages as numbered in the macro lists of a negotiation. The end of the message comes before
 * the end of the header there.
 */
export const macroStageNumbers: Readonly<Record<MacroStage, number>> = {
  connect: 0,
  helo: 1,
  mail: 2,
  rcpt: 3,
  data: 4,
  eom: 5,
  eoh: 6,
};

/** One row of the command table. */
export interface CommandSpec<Event> {
  readonly byte: number;
  /** The name in libmilter's header file. */
  readonly symbol: string;
  /** The stage whose macros a MACRO packet for this command brings. */
  readonly macroStage: MacroStage | undefined;
  /** The step flag that keeps the MTA from sending it; 0 if nothing does. */
  readonly suppress: number;
  /** The step flag by which the filter need not answer it; 0 if there is none. */
  readonly noReply: number;
  /** Whether the MTA waits for an answer, unless the flag was agreed on. */
  readonly answered: boolean;
  /** The lowest version in which MTAs send it. */
  readonly since: number;
  readonly decode: (reader: PayloadReader) => Event;
  readonly encode: EncodeEvent<Event>;
}

const nothing = { decode: decodeNothing, encode: encodeNothing } as const;
const offer = { decode: decodeOffer, encode: encodeOffer } as const;
const macro = { decode: decodeMacro, encode: encodeMacro } as const;
const envelope = { decode: decodeEnvelope, encode: encodeEnvelope } as const;
const body = { decode: decodeBody, encode: encodeBody } as const;
const none = { macroStage: undefined, suppress: 0, noReply: 0, since: 2 } as const;

/**
 * Everything an MTA may send. Decoding and encoding, macro stages, negotiation and the duty to answer
 * all derive from these rows, at both ends. Postfix sends the end-of-header macros with each header
 * and the end-of-message macros with each body chunk.
 */
export const commandTable: { readonly [Name in CommandName]: CommandSpec<CommandEvents[Name]> } = {
  negotiate: { ...none, byte: 0x4f, symbol: 'SMFIC_OPTNEG', answered: true, ...offer },
  macro: { ...none, byte: 0x44, symbol: 'SMFIC_MACRO', answered: false, ...macro },
  connect: {
    byte: 0x43,
    symbol: 'SMFIC_CONNECT',
    macroStage: 'connect',
    suppress: stepFlags.noConnect,
    noReply: stepFlags.noReplyConnect,
    answered: true,
    since: 2,
    decode: decodeConnect,
    encode: encodeConnect,
  },
  helo: {
    byte: 0x48,
    symbol: 'SMFIC_HELO',
    macroStage: 'helo',
    suppress: stepFlags.noHelo,
    noReply: stepFlags.noReplyHelo,
    answered: true,
    since: 2,
    decode: decodeHelo,
    encode: encodeHelo,
  },
  mail: {
    byte: 0x4d,
    symbol: 'SMFIC_MAIL',
    macroStage: 'mail',
    suppress: stepFlags.noMail,
    noReply: stepFlags.noReplyMail,
    answered: true,
    since: 2,
    ...envelope,
  },
  rcpt: {
    byte: 0x52,
    symbol: 'SMFIC_RCPT',
    macroStage: 'rcpt',
    suppress: stepFlags.noRcpt,
    noReply: stepFlags.noReplyRcpt,
    answered: true,
    since: 2,
    ...envelope,
  },
  data: {
    byte: 0x54,
    symbol: 'SMFIC_DATA',
    macroStage: 'data',
    suppress: stepFlags.noData,
    noReply: stepFlags.noReplyData,
    answered: true,
    since: 4,
    ...nothing,
  },
  header: {
    byte: 0x4c,
    symbol: 'SMFIC_HEADER',
    macroStage: 'eoh',
    suppress: stepFlags.noHeaders,
    noReply: stepFlags.noReplyHeader,
    answered: true,
    since: 2,
    decode: decodeHeader,
    encode: encodeHeader,
  },
  eoh: {
    byte: 0x4e,
    symbol: 'SMFIC_EOH',
    macroStage: 'eoh',
    suppress: stepFlags.noEoh,
    noReply: stepFlags.noReplyEoh,
    answered: true,
    since: 2,
    ...nothing,
  },
  body: {
    byte: 0x42,
    symbol: 'SMFIC_BODY',
    macroStage: 'eom',
    suppress: stepFlags.noBody,
    noReply: stepFlags.noReplyBody,
    answered: true,
    since: 2,
    ...body,
  },
  eom: {
    byte: 0x45,
    symbol: 'SMFIC_BODYEOB',
    macroStage: 'eom',
    suppress: 0,
    noReply: 0,
    answered: true,
    since: 2,
    ...body,
  },
  unknown: {
    byte: 0x55,
    symbol: 'SMFIC_UNKNOWN',
    macroStage: undefined,
    suppress: stepFlags.noUnknown,
    noReply: stepFlags.noReplyUnknown,
    answered: true,
    since: 3,
    decode: decodeUnknown,
    encode: encodeUnknown,
  },
  abort: { ...none, byte: 0x41, symbol: 'SMFIC_ABORT', answered: false, ...nothing },
  quit: { ...none, byte: 0x51, symbol: 'SMFIC_QUIT', answered: false, ...nothing },
  quitNc: { ...none, byte: 0x4b, symbol: 'SMFIC_QUIT_NC', answered: false, ...nothing },
};

const names = Object.keys(commandTable) as readonly CommandName[]; // keys of a mapped type

/** The events that a filter can handle, in the order of a session. */
export const eventNames = [
  'connect',
  'helo',
  'mail',
  'rcpt',
  'data',
  'header',
  'eoh',
  'body',
  'eom',
  'unknown',
] as const;

const byByte: readonly (CommandName | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  names.find((name) => commandTable[name].byte === byte),
);

/** The command that a byte stands for; undefined if none does. */
export function commandOfByte(byte: number): CommandName | undefined {
  return byByte[byte];
}
