/** Standard input, by the name that the system has for it. */
export const STANDARD_INPUT = '/dev/stdin';

/** Those that read files, of which one may be standard input, or that say why not. */
const READERS: ReadonlySet<string> = new Set([
  'import',
  'check-config',
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
