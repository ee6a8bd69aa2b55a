import type { Config } from './schema.js';
/**
 * The configuration in force, as a file that loads to the same configuration again: every setting,
 * defaults and options from the command line included, in the one spelling that is canonical here.
 */
export declare function formatConfig(config: Config): string;
