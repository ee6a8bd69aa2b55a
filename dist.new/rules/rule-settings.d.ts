import type { WrittenRule } from '../config/rules-section.js';
import type { Effect, RuleSettings } from './rule.js';
/** What a rule sets, in the words of the program. */
export declare function settingsOf(rule: WrittenRule): RuleSettings;
/** What a rule does at once when it matches; nothing if undefined. */
export declare function effectsOf(rule: WrittenRule): readonly Effect[] | undefined;
/** The macros that a rule's texts show. */
export declare function macrosOfTexts(rule: WrittenRule): readonly string[];
