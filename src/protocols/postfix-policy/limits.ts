/** Bounds that keep one peer from hurting the others. */
export interface PolicyLimits {
  /** From the first byte of a request to its empty line. */
  readonly requestBytes: number;
  readonly lineBytes: number;
  readonly attributes: number;
  /** Connections whose requests are answered by the service. */
  readonly connections: number;
  /** Connections above that, whose requests all pass; more are closed. */
  readonly bystanders: number;
  readonly unreadBytes: number;
  readonly idleMs: number;
  /** From the first byte of a request to its last, kept to a second. */
  readonly requestMs: number;
  /** Kept to a tenth of a second. */
  readonly answerMs: number;
}

/** Each number with its reason. */
export const defaultLimits: PolicyLimits = {
  // Postfix sends half a kilobyte. Its values come from lines of an SMTP client, which it cuts at
  // line_length_limit, 2048: three of those and a certificate's names, encoded, stay far below.
  requestBytes: 64 * 1024,
  // The documentation of Postfix's attributes allows four times line_length_limit for a string;
  // a value of that length with its name.
  lineBytes: 8192 + 256,
  // Postfix 3.7 sends 30, and has added one or two in each release that added any.
  attributes: 128,
  // Each smtpd keeps one for each check_policy_service, for as long as it is busy: Postfix's
  // default_process_limit is 100, and several machines may ask here.
  connections: 4000,
  // Nothing is asked or remembered for them, but each costs a file descriptor and some kilobytes.
  bystanders: 10_000,
  // Postfix reads each answer before it goes on, so this much unread means that nobody reads.
  unreadBytes: 1024 * 1024,
  // Postfix closes after smtpd_policy_service_max_idle, 300 s. We never come first: it would wait
  // a second before it asks again.
  idleMs: 2 * 60 * 60 * 1000,
  // Postfix writes a request at once. A person who types one may take his time.
  requestMs: 30_000,
  // Postfix waits for smtpd_policy_service_timeout, 100 s, but the client in its SMTP session waits
  // as well; the documentation's example of a service that is not critical sets 10 s.
  answerMs: 5000,
};
