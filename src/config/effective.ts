import { encodeConfig } from './schema.js';
import type { Config } from './schema.js';
import { hideSecrets } from './secrets.js';
import { writeYaml } from './yaml-text.js';

/**
 * The configuration in force, as a file that loads to the same configuration again: every setting,
 * defaults and options from the command line included, in the one spelling that is canonical here.
 */
export function formatConfig(config: Config): string {
  return writeYaml(encodeConfig(config));
}

/** The same for people to read: passwords are not shown, and so it is of no use as a file where it has any. */
export function describeConfig(config: Config): string {
  return writeYaml(hideSecrets(encodeConfig(config)));
}
