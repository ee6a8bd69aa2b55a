/**
 * How long a property lives: until the next recipient is named, or until the message is over. None
 * outlives its message: what one message has set says nothing of the next one.
 */
export type PropertyScope = 'recipient' | 'message';
/** What somebody has set, at some moment: all values of each name, the newest last. */
export type PropertyValues = ReadonlyMap<string, readonly string[]>;
/** No properties at all. */
export declare const noProperties: PropertyValues;
/** How a property is written: as in other programs' files, in any letter case. */
export declare function isPropertyName(name: string): boolean;
/**
 * Named values that rules set, and the lookups that they ask, for later rules and for texts to show.
 * Letter case of names does not matter. What is beyond the bounds is left out.
 */
export declare class Properties {
    #private;
    /** What there is now; it does not change any more. */
    get values(): PropertyValues;
    /** The newest value. */
    get(name: string): string | undefined;
    /** All values, the newest last. */
    all(name: string): readonly string[];
    /** Gives a property this value instead of all that it has. */
    set(scope: PropertyScope, name: string, value: string): void;
    /** Gives a property one more value. */
    add(scope: PropertyScope, name: string, value: string): void;
    /** Another recipient is named: what was set for the last one is gone. */
    beginRecipient(): void;
}
/** All values of a property, the newest last. */
export declare function valuesOf(values: PropertyValues, name: string): readonly string[];
/** The newest value of a property; undefined if it has none. */
export declare function newestOf(values: PropertyValues, name: string): string | undefined;
