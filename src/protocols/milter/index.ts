/// <reference types="node" preserve="true" />
/**
 * The milter protocol, versions 2 to 6, both ends. Depends on Node.js alone and knows nothing of what
 * a filter is for.
 */
export type { CommandSpec, MacroStage } from './commands.js';
export { commandTable, commandOfByte, macroStages } from './commands.js';
export { customReply, type CustomReplyParts } from './custom-reply.js';
export { MilterProtocolError, type MilterErrorCode } from './errors.js';
export type {
  BodyEvent,
  ClientFamily,
  CommandName,
  ConnectEvent,
  EmptyEvent,
  EnvelopeEvent,
  EventName,
  HeaderEvent,
  HeloEvent,
  UnknownEvent,
} from './events.js';
export type {
  EndOfMessageContext,
  MilterContext,
  MilterFilter,
  MilterIncident,
  Observer,
  Responder,
} from './filter.js';
export { actionFlags, stepFlags, type Action } from './flags.js';
export { defaultLimits, type MilterLimits } from './limits.js';
export type { Agreement } from './negotiation.js';
export { replies, type Reply, type ReplyKind } from './replies.js';
export {
  MilterServer,
  type MilterClock,
  type MilterServerObserver,
  type MilterServerOptions,
} from './server.js';
export {
  connectFilter,
  decodeAnswer,
  faultCodes,
  mtaProfiles,
  MtaSession,
  postfixOffers,
  writeInPieces,
  writeTogether,
  type EndOfMessageAnswer,
  type FilterAddress,
  type FilterAnswer,
  type FilterFault,
  type FilterReply,
  type MacroLists,
  type MacroSource,
  type MessageAnswer,
  type MessageChange,
  type MessageContent,
  type MtaAgreement,
  type MtaProfile,
  type MtaSessionOptions,
  type Refusal,
  type WriteSegments,
} from './mta/index.js';
