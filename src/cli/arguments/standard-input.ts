import { UsageError } from './usage-error.js';

/** Standard input, by the name that the system has for it. */
const STANDARD_INPUT = '/dev/stdin';

/** Whether a file is standard input. The parser of the command line makes an empty text of a lone `-`. */
export function isStandardInput(file: string): boolean {
  return file === '-' || file === '' || file === STANDARD_INPUT;
}

/** Refuses it where a configuration is to be named. @throws UsageError */
export function refuseStandardInput(file: string): void {
  if (!isStandardInput(file)) return;
  throw new UsageError('Name the file: its name says whether it is a YAML or a greylist.conf');
}

/** Those that read files, of which one may be standard input. */
const READERS: ReadonlySet<string> = new Set([
  'import',
  'convert-config',
  'report',
  'postgreyreport',
  'tune',
  'replay',
]);

/** yargs makes an empty text of a lone `-`, and loses it where several files may stand. */
export function nameStandardInput(
  args: readonly string[],
  command: string | undefined,
): readonly string[] {
  return command !== undefined && READERS.has(command)
    ? args.map((arg) => (arg === '-' ? STANDARD_INPUT : arg))
    : args;
}
