import type { Correspondence } from '../greylist/correspondence.js';
import type { JsonFields } from './json-fields.js';
/** What is remembered of a pair, with names and times that people can read. */
export declare function writeCorrespondence({ series, sources }: Correspondence): JsonFields;
/** Whether {@link writeCorrespondence} can say it: only what a broken clock has written has no date. */
export declare function hasDates({ series, sources }: Correspondence): boolean;
/** @throws RecordError */
export declare function readCorrespondence(fields: JsonFields): Correspondence;
