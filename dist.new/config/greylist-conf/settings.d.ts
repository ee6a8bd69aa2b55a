import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';
import type { Mapping } from './placed.js';
import type { Setting, Statement } from './syntax.js';
export type SettingStatement = Setting & Pick<Statement, 'place'>;
/** What is beyond these is brought back to them: nobody can tell the difference. */
declare const LONGEST: {
    readonly delay: number;
    readonly autowhite: number;
    readonly 'retry-window': number;
};
/** A duration as we write it. */
export declare function durationOf(key: keyof typeof LONGEST, { seconds, place, kind, }: {
    readonly seconds: number;
    readonly place: Place;
    readonly kind: string;
}, { findings }: Context): string;
/** All settings that statements make, one on top of the other. */
export declare function translateSettings(statements: readonly SettingStatement[], context: Context): Mapping;
export {};
