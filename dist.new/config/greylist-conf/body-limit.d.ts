import type { Mapping } from './placed.js';
import type { Context } from './context.js';
import type { GreylistConf } from './syntax.js';
/**
 * How much of messages is looked at. There is one limit for all of them here: the largest that the
 * file has anywhere.
 */
export declare function bodyLimit({ statements }: GreylistConf, { findings, urls }: Context): Mapping;
