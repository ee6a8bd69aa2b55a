import { formatIssue } from '../config/config-error.js';
import { isYamlFile, readPipedConfig } from '../config/config-file.js';
import { convertConfig } from '../config/convert-config.js';
import { exitCodes } from './arguments/exit-codes.js';
import { isStandardInput } from './arguments/standard-input.js';
import type { Output } from './terminal/output.js';
import { UsageError } from './arguments/usage-error.js';

/** What `convert-config` takes; plain data for the command line's parser. */
export interface ConvertArguments {
  readonly file?: string | undefined;
  readonly 'ignore-unsupported'?: boolean | undefined;
}

const PIPED = 'standard input';

/**
 * `greymilter convert-config greylist.conf`: prints the configuration of ours that says the same, with
 * comments where something is said in another way.
 */
export async function convert(args: ConvertArguments, output: Output): Promise<number> {
  const { file } = args;
  if (file === undefined) throw new UsageError('Name the file: greymilter convert-config FILE');
  if (isYamlFile(file)) throw new UsageError(`${file} is a configuration of ours already`);
  const options = { ignoresUnsupported: args['ignore-unsupported'] };
  const { text, warnings } = await (isStandardInput(file)
    ? convertConfig(PIPED, options, await readPipedConfig(PIPED, process.stdin))
    : convertConfig(file, options));
  for (const warning of warnings) output.error(`warning: ${formatIssue(warning)}\n`);
  output.print(text);
  return exitCodes.done;
}
