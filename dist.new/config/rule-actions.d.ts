import type { Action } from '../rules/rule.js';
/** What an action does, and what may be said of it. */
export interface ActionAbout {
    readonly meaning: string;
    /** A rule that shows it. */
    readonly example: string;
    /** The settings that do something with it, besides `log`, and besides what it does at once. */
    readonly settings: readonly string[];
}
/** The actions in the order of the reference. */
export declare const actions: Readonly<Record<Action, ActionAbout>>;
/** Whether a setting changes mail that passes. */
export declare function isOfMail(setting: string): boolean;
/** Whether a setting is about how long somebody waits. */
export declare function isTiming(setting: string): boolean;
