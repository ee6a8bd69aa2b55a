/** What an MTA has told beside the envelope; both protocols speak of it as milters do, in macros. */
export interface MacroSource {
  /** The value of a macro, `i` or `{client_addr}`; undefined if the MTA did not send it. */
  macro(symbol: string): string | undefined;
  /** Aborts when nobody waits for the answer any more; absent where the protocol cannot tell. */
  readonly gone?: AbortSignal;
  /** Lets the answer take so much longer than the limit; absent where nobody is made to wait. */
  allowMore?(ms: number): void;
}
