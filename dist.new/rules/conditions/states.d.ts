import type { CompileContext, ListEntry } from '../condition.js';
/** A word among entries that stands for what is true of a subject without naming it. */
export interface StateEntry<State extends string> {
    readonly kind: 'state';
    readonly text: string;
    readonly state: State;
}
/** Any other entry. */
type Other = {
    readonly kind: string;
    readonly text: string;
};
/**
 * The states that a condition lists, with their places.
 *
 * @param path of the entries, below the condition's key
 */
export declare function compileStates<State extends string>(entries: readonly (StateEntry<State> | Other)[], context: CompileContext, path?: readonly (string | number)[]): ReadonlyMap<State, ListEntry<StateEntry<State>>>;
export {};
