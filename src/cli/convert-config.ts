import { formatIssue } from '../config/config-error.js';
import { isYamlFile } from '../config/config-file.js';
import { convertConfig } from '../config/convert-config.js';
import { refuseStandardInput } from './arguments/standard-input.js';
import { exitCodes } from './arguments/exit-codes.js';
import type { Output } from './terminal/output.js';
import { UsageError } from './arguments/usage-error.js';

/** What `convert-config` takes; plain data for the command line's parser. */
export interface ConvertArguments {
  readonly file?: string | undefined;
  readonly 'ignore-unsupported'?: boolean | undefined;
}

/**
 * `greymilter convert-config greylist.conf`: prints the configuration of ours that says the same, with
 * comments where something is said in another way.
 */
export async function convert(args: ConvertArguments, output: Output): Promise<number> {
  const { file } = args;
  if (file === undefined) throw new UsageError('Name the file: greymilter convert-config FILE');
  refuseStandardInput(file);
  if (isYamlFile(file)) throw new UsageError(`${file} is a configuration of ours already`);
  const { text, warnings } = await convertConfig(file, {
    ignoresUnsupported: args['ignore-unsupported'],
  });
  for (const warning of warnings) output.error(`warning: ${formatIssue(warning)}\n`);
  output.print(text);
  return exitCodes.done;
}
