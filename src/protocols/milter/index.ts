/**
 * The milter protocol, versions 2 to 6, the filter's end. Depends on Node.js alone and knows nothing
 * of what a filter is for.
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
