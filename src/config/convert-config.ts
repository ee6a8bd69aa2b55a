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
 * @throws ConfigError if it cannot be read, or could not be used as it is
 */
export async function convertConfig(
  file: string,
  greylistConf: GreylistConfOptions,
): Promise<Converted> {
  const text = await readConfigFile(file);
  const { warnings } = await loadConfig({ file, text, greylistConf });
  const read = readGreylistConf(text, greylistConf);
  return { text: writeAnnotatedYaml(read.value, annotations(file, read)), warnings };
}
