import type { ListEntries, ListKind } from '../rules/sets/list-kinds.js';
import type { PostgreyEntry, PostgreyLine } from './postgrey-line.js';
/**
 * How a line of one of Postgrey's lists is read; undefined where Postgrey has no such lists. It has
 * none of senders, but here there may be: they are written as those of recipients.
 */
export declare const postgreyReaders: {
    readonly [Kind in ListKind]: ((line: PostgreyEntry) => PostgreyLine<ListEntries[Kind]>) | undefined;
};
