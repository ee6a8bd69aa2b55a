import { Tally } from './tally.js';

/** What happened on the connections of one protocol since the start. */
export class ProtocolCounts {
  connections = 0;
  /** Connections above the limit: what they carry passes. */
  overloaded = 0;
  /** Connections that were closed, far above the limit. */
  refused = 0;
  /** By error code: connections that an error ended, and requests that could not be read. */
  readonly errors = new Tally();
  /** By kind: what was out of order, and answered all the same. */
  readonly incidents = new Tally();
  /** By protocol version: what MTAs have agreed on. */
  readonly versions = new Tally();
}
