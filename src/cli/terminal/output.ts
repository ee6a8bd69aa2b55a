import { once } from 'node:events';
import { inColour, plain, type Paint } from './paint.js';

/** Where a command speaks to whoever called it. */
export interface Output {
  /** The answer, on standard output. */
  print(text: string): void;
  /** Whatever is not the answer, on standard error. */
  error(text: string): void;
  /** How the answer is coloured; not at all without it. */
  readonly paint?: Paint;
  /** Waits until what was printed has been taken; who prints a lot asks now and then. */
  drain?(): Promise<void>;
  /** Whether somebody watches standard error, so that it may show how far something is. */
  readonly isTerminal?: boolean;
}

/** The process's own. Colours are for terminals whose user has not refused them (no-color.org). */
export const processOutput: Output = {
  print: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  drain: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  get isTerminal() {
    return process.stderr.isTTY;
  },
  get paint() {
    const { NO_COLOR: refused = '', TERM: terminal } = process.env;
    return process.stdout.isTTY && refused === '' && terminal !== 'dumb' ? inColour : plain;
  },
};
