import type { Context } from './context.js';
import type { Mapping, Node } from './placed.js';
import type { List } from './syntax.js';
import type { Test } from './test.js';
/** Whether the client, the sender and so on are in a list. */
export declare function askList(name: string, context: Context): Test;
/** Whether it is one of some times. */
export declare function askTime(schedules: readonly string[]): Test;
/** A list as it stands in our configuration; undefined where rules have its entries themselves. */
export declare function writeList(list: List): Mapping | undefined;
/** An address without the length that goes without saying. */
export declare function shortNetwork(text: string): Node;
