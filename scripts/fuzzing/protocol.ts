/** What a worker is to try. */
export interface WorkerOrder {
  readonly target: string;
  readonly seed: number;
  /** It ends after so many inputs or seconds, whatever comes first. */
  readonly inputs: number;
  readonly seconds: number;
  readonly isGuided: boolean;
  /** The directory of what is found. */
  readonly corpus: string;
  /** The file of what was found before, and is part of the tests. */
  readonly fixtures: string;
  /** How many inputs were begun, how long this one is, and the input itself. */
  readonly watch: SharedArrayBuffer;
}

/** What it tells. */
export type WorkerReport =
  | { readonly kind: 'failure'; readonly input: Uint8Array; readonly error: string | undefined }
  | {
      readonly kind: 'progress';
      readonly runs: number;
      readonly corpusSize: number;
      readonly covered: number;
      readonly slowestMs: number;
    };
