import { actionFlags } from '../flags.js';
import type { PayloadReader } from '../payload-reader.js';
import type { ReplyKind } from '../replies.js';
import { textFromLatin1 } from '../text.js';
import type { FilterFault } from './faults.js';
import { parseReplyText } from './reply-text.js';

/** A filter's verdict on an event. */
export type FilterReply =
  | { readonly kind: Exclude<ReplyKind, 'replycode'> }
  | {
      readonly kind: 'replycode';
      readonly code: number;
      readonly enhanced: string | undefined;
      /** The texts of the lines, without codes. */
      readonly lines: readonly string[];
    };

/** A change that a filter wants at the end of a message. */
export type MessageChange =
  | { readonly kind: 'addHeader'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'insertHeader';
      readonly index: number;
      readonly name: string;
      readonly value: string;
    }
  /** An empty value deletes. */
  | {
      readonly kind: 'changeHeader';
      readonly index: number;
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly kind: 'changeSender' | 'addRecipient';
      readonly address: string;
      /** ESMTP arguments in one string; undefined if there is no such string. */
      readonly args: string | undefined;
    }
  | { readonly kind: 'deleteRecipient'; readonly address: string }
  | { readonly kind: 'quarantine'; readonly reason: string }
  | { readonly kind: 'replaceBody'; readonly chunk: Buffer };

/** Anything a filter may say after the negotiation. */
export type FilterAnswer =
  | {
      readonly group: 'verdict';
      readonly reply: FilterReply;
      readonly faults: readonly FilterFault[];
    }
  | { readonly group: 'change'; readonly change: MessageChange; readonly action: number }
  | { readonly group: 'progress'; readonly faults: readonly FilterFault[] }
  /** A change that cannot be read, a letter that nobody says, or one that no MTA takes. */
  | { readonly group: 'fault'; readonly fault: FilterFault };

const noFaults: readonly FilterFault[] = Object.freeze([]);
const withPayload: readonly FilterFault[] = Object.freeze(['verdict-payload'] as const);

interface PlainAnswers {
  readonly clean: FilterAnswer;
  readonly padded: FilterAnswer;
}

function plain(kind: Exclude<ReplyKind, 'replycode'>): PlainAnswers {
  const reply = Object.freeze({ kind });
  return {
    clean: Object.freeze({ group: 'verdict', reply, faults: noFaults } as const),
    padded: Object.freeze({ group: 'verdict', reply, faults: withPayload } as const),
  };
}

const plainAnswers: ReadonlyMap<string, PlainAnswers> = new Map([
  ['c', plain('continue')],
  ['a', plain('accept')],
  ['r', plain('reject')],
  ['t', plain('tempfail')],
  ['d', plain('discard')],
  ['s', plain('skip')],
  [
    'p',
    {
      clean: Object.freeze({ group: 'progress', faults: noFaults } as const),
      padded: Object.freeze({ group: 'progress', faults: withPayload } as const),
    },
  ],
]);

/** Built once: the answers without a payload are most of all answers. */
const plainByByte: readonly (PlainAnswers | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  plainAnswers.get(String.fromCharCode(byte)),
);

function fault(name: FilterFault): FilterAnswer {
  return { group: 'fault', fault: name };
}

/**
 * Reads one packet of a filter, whatever it holds. `4` (shut down) and `f` (connection failure) are
 * letters of the protocol that end the filter's session in both MTAs.
 */
export function decodeAnswer(command: number, reader: PayloadReader): FilterAnswer {
  const known = plainByByte[command];
  if (known !== undefined) return reader.remaining === 0 ? known.clean : known.padded;
  const letter = String.fromCharCode(command);
  switch (letter) {
    case 'y': {
      const { faults, ...parts } = parseReplyText(reader.readRestAsLatin1());
      return { group: 'verdict', reply: { kind: 'replycode', ...parts }, faults };
    }
    case '4':
    case 'f':
      return fault('verdict-forbidden');
    default:
      return decodeChange(letter, reader);
  }
}

function decodeChange(letter: string, reader: PayloadReader): FilterAnswer {
  switch (letter) {
    case 'h':
      return named(reader, actionFlags.addHeaders, (name, value) => ({
        kind: 'addHeader',
        name,
        value,
      }));
    case 'i':
    case 'm': {
      if (reader.remaining < 4) return fault('change-malformed');
      const index = reader.readUint32();
      const kind = letter === 'i' ? 'insertHeader' : 'changeHeader';
      const action = letter === 'i' ? actionFlags.addHeaders : actionFlags.changeHeaders;
      return named(reader, action, (name, value) => ({ kind, index, name, value }));
    }
    case 'e':
      return addressed(reader, actionFlags.changeSender, 'changeSender');
    case '2':
      return addressed(reader, actionFlags.addRecipientsWithArguments, 'addRecipient');
    case '+':
      return single(reader, actionFlags.addRecipients, (address) => ({
        kind: 'addRecipient',
        address,
        args: undefined,
      }));
    case '-':
      return single(reader, actionFlags.deleteRecipients, (address) => ({
        kind: 'deleteRecipient',
        address,
      }));
    case 'q':
      return single(reader, actionFlags.quarantine, (reason) => ({ kind: 'quarantine', reason }));
    case 'b': {
      const chunk = Buffer.from(reader.readRest());
      return {
        group: 'change',
        change: { kind: 'replaceBody', chunk },
        action: actionFlags.changeBody,
      };
    }
    default:
      return fault('answer-unknown');
  }
}

/** Everything that is left, cut at its NULs; undefined if the last one is missing. */
function stringsIn(reader: PayloadReader): string[] | undefined {
  const parts = reader.readRestAsLatin1().split('\0');
  return parts.pop() === '' ? parts.map(textFromLatin1) : undefined;
}

function single(
  reader: PayloadReader,
  action: number,
  build: (text: string) => MessageChange,
): FilterAnswer {
  const [text, ...more] = stringsIn(reader) ?? [];
  if (text === undefined || more.length > 0) return fault('change-malformed');
  return { group: 'change', change: build(text), action };
}

function named(
  reader: PayloadReader,
  action: number,
  build: (name: string, value: string) => MessageChange,
): FilterAnswer {
  const [name, value, ...more] = stringsIn(reader) ?? [];
  if (name === undefined || value === undefined || more.length > 0)
    return fault('change-malformed');
  return { group: 'change', change: build(name, value), action };
}

function addressed(
  reader: PayloadReader,
  action: number,
  kind: 'changeSender' | 'addRecipient',
): FilterAnswer {
  const [address, args, ...more] = stringsIn(reader) ?? [];
  if (address === undefined || more.length > 0) return fault('change-malformed');
  return { group: 'change', change: { kind, address, args }, action };
}
