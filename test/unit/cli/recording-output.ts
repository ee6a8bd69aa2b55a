import type { Output } from '../../../src/cli/terminal/output.js';

/** Keeps what a command says. */
export class RecordingOutput implements Output {
  printed = '';
  errors = '';

  print(text: string): void {
    this.printed += text;
  }

  error(text: string): void {
    this.errors += text;
  }
}
