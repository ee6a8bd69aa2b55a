/** Where a command speaks to whoever called it. */
export interface Output {
  /** The answer, on standard output. */
  print(text: string): void;
  /** Whatever is not the answer, on standard error. */
  error(text: string): void;
}

/** The process's own. */
export const processOutput: Output = {
  print: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};
