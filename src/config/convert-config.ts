import type { ConfigIssue } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { annotations } from './greylist-conf/annotations.js';
import { readGreylistConf } from './greylist-conf/read.js';
import type { GreylistConfOptions } from './greylist-conf/read.js';
import { loadConfig } from './load.js';
import { writeAnnotatedYaml } from './yaml-text.js';

/** A file of milter-greylist's in our own language. */
export interface Converted {
  readonly text: string;
  readonly warnings: readonly ConfigIssue[];
}

/**
 * Writes a file of milter-greylist's as one of ours.
 *
 * @param piped its text, if it is no file; `file` says then what it is
 * @throws ConfigError if it cannot be read, or could not be used as it is
 */
export async function convertConfig(
  file: string,
  greylistConf: GreylistConfOptions,
  piped?: string,
): Promise<Converted> {
  const text = piped ?? (await readConfigFile(file));
  const { warnings } = await loadConfig({ file, text, greylistConf });
  const read = readGreylistConf(text, greylistConf);
  return { text: writeAnnotatedYaml(read.value, annotations(file, read)), warnings };
}
