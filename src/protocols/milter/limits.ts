/** Bounds that keep one peer from hurting the others. */
export interface MilterLimits {
  readonly packetBytes: number;
  readonly macroBytes: number;
  readonly macros: number;
  readonly recipients: number;
  /** Sessions that are filtered at a time. */
  readonly connections: number;
  /** Sessions above that, which are negotiated away and pass; more are closed. */
  readonly bystanders: number;
  readonly unreadBytes: number;
  readonly idleMs: number;
  /** From the beginning of a connection to the offer, and from the first byte of a packet to its last. */
  readonly packetMs: number;
  /** Kept to a tenth of a second. */
  readonly answerMs: number;
}

/** Each number with its reason. */
export const defaultLimits: MilterLimits = {
  // Sendmail sends at most 65536, Postfix up to 60000 bytes of one header; the extension bits of
  // libmilter that nobody compiles in would allow 1 MiB.
  packetBytes: 1024 * 1024,
  // What libmilter accepts as a payload; more is never a macro list. Seven stages of each
  // connection may hold as much.
  macroBytes: 65_535,
  // Sendmail sends at most 50 names a stage.
  macros: 128,
  // Sendmail and Postfix stop a client at 1000 recipients or fewer when set up as usual; an RFC
  // 5321 4.5.3.1.10 server has to take 100.
  recipients: 10_000,
  // One connection is one SMTP session; Postfix's default_process_limit is 100.
  connections: 1000,
  // Nothing is asked or remembered for them, but each costs a file descriptor and some kilobytes.
  bystanders: 10_000,
  // An MTA reads each answer before it goes on, so more than a few hundred bytes unread means that
  // nobody reads.
  unreadBytes: 1024 * 1024,
  // libmilter waits 7210 s. MTAs keep SMTP sessions for 5 minutes to an hour per command.
  idleMs: 2 * 60 * 60 * 1000,
  // MTAs offer as soon as they are connected, and write a packet at once. A trickle of bytes must not
  // hold a place, and up to a packet's memory, for hours.
  packetMs: 60_000,
  // Sendmail waits 10 s for an answer by default, then does without the filter.
  answerMs: 5000,
};
