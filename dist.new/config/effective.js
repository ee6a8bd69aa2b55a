import { encodeConfig } from './schema.js';
import { writeYaml } from './yaml-text.js';
/**
 * The configuration in force, as a file that loads to the same configuration again: every setting,
 * defaults and options from the command line included, in the one spelling that is canonical here.
 */
export function formatConfig(config) {
    return writeYaml(encodeConfig(config));
}
//# sourceMappingURL=effective.js.map