/** The library types its main entry, which keeps back the term that has decided. */
declare module 'mailauth/lib/spf/spf-verify.js' {
  /** What it asks is asked by `resolver`, which throws errors with an `spfResult` to end it. */
  export function spfVerify(
    domain: string,
    options: {
      readonly ip: string;
      readonly resolver: (name: string, type: string, options?: object) => Promise<unknown>;
      /** For the addresses of exchangers and of names. */
      readonly createSubResolver: () => (
        name: string,
        type: string,
        options?: object,
      ) => Promise<unknown>;
    },
  ): Promise<unknown>;
}
