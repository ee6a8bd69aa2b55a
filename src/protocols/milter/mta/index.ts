/** The MTA's end of the milter protocol. */
export type { MacroLists, MtaAgreement } from './agreement.js';
export {
  decodeAnswer,
  type FilterAnswer,
  type FilterReply,
  type MessageChange,
} from './answers.js';
export { connectFilter, type FilterAddress } from './connect-filter.js';
export { faultCodes, type FilterFault } from './faults.js';
export type { MacroSource, Refusal } from './macros.js';
export type {
  EndOfMessageAnswer,
  MessageAnswer,
  MessageContent,
  MtaSessionOptions,
} from './mta-options.js';
export { MtaSession } from './mta-session.js';
export { mtaProfiles, postfixOffers, type MtaProfile } from './profiles.js';
export { writeInPieces, writeTogether, type WriteSegments } from './wire.js';
