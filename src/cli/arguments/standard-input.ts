import { UsageError } from './usage-error.js';

/** Standard input, by the name that the system has for it. */
export const STANDARD_INPUT = '/dev/stdin';

/** Refuses `-` where a configuration is to be named; the parser makes an empty text of it. @throws UsageError */
export function refuseStandardInput(file: string): void {
  if (file !== '' && file !== '-') return;
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
export function nameStandardInput(args: readonly string[]): readonly string[] {
  const [command = ''] = args;
  return READERS.has(command) ? args.map((arg) => (arg === '-' ? STANDARD_INPUT : arg)) : args;
}
