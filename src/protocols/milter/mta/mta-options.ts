import type { EventName, Offer } from '../events.js';
import type { FilterReply, MessageChange } from './answers.js';
import type { FilterFault } from './faults.js';
import type { MacroSource } from './macros.js';
import type { MtaProfile } from './profiles.js';
import type { WriteSegments } from './wire.js';

/** How a session is to be played. */
export interface MtaSessionOptions {
  readonly profile: MtaProfile;
  /** Instead of the profile's, for older MTAs. */
  readonly offer?: Offer;
  /** The MTA's own name; `mx.example` by default. */
  readonly mtaName?: string;
  /** Values of macros over, or instead of, those that the session knows itself. */
  readonly macros?: MacroSource;
  /** How long the filter may take for each packet of an answer; 10 s, Sendmail's default. */
  readonly answerMs?: number;
  /** How long it may take for all of an answer, however often it asks for patience; 5 minutes. */
  readonly patienceMs?: number;
  /** The longest packet that is taken from the filter; 1 MiB. */
  readonly maxPacketBytes?: number;
  /** The longest answer, with all changes; 64 MiB. */
  readonly maxAnswerBytes?: number;
  /** Put up with what the played MTA puts up with, instead of ending the session. */
  readonly lenient?: boolean;
  /** Hears of every fault of the filter. */
  readonly observe?: (fault: FilterFault, event: EventName) => void;
  /** How bytes are written; all of a turn together by default. */
  readonly write?: WriteSegments;
}

/** The answer to the end of a message. */
export interface EndOfMessageAnswer {
  readonly reply: FilterReply;
  readonly changes: readonly MessageChange[];
  /** How many times the filter asked for patience. */
  readonly progress: number;
}

/** The content of a message. */
export interface MessageContent {
  /** Name and value; the value is everything behind the colon, usually with a leading blank. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Lines end in CRLF. */
  readonly body?: string | Uint8Array;
}

/** What became of a message's content. */
export interface MessageAnswer extends EndOfMessageAnswer {
  /** The event that the reply is the answer to. */
  readonly event: EventName;
}
