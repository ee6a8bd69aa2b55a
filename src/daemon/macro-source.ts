/** What an MTA has told beside the envelope; both protocols speak of it as milters do, in macros. */
export interface MacroSource {
  /** The value of a macro, `i` or `{client_addr}`; undefined if the MTA did not send it. */
  macro(symbol: string): string | undefined;
}
