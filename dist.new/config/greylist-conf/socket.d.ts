import type { Context } from './context.js';
import type { Mapping } from './placed.js';
import type { Setting } from './syntax.js';
import type { Place } from '../yaml-text.js';
type Socket = Extract<Setting, {
    readonly kind: 'socket';
}> & {
    readonly place: Place;
};
/** Where the MTA reaches the filter. */
export declare function translateSocket({ spec, mode, place }: Socket, { findings }: Context): Mapping;
export {};
