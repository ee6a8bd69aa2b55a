import type { Context } from './context.js';
import type { Mapping } from './placed.js';
import type { GreylistConf } from './syntax.js';
/** Web servers and directories that are asked, by the names that rules use. */
export declare function translateDefinitions({ statements }: GreylistConf, context: Context): Mapping;
