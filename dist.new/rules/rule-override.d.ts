import type { Evaluation } from './condition.js';
import type { NamedValues } from './lookups.js';
import type { Action, Rule, RuleSettings } from './rule.js';
/** What a server's answer puts in the place of what the rule that asked it says. */
export interface RuleOverride {
    readonly action?: Extract<Action, 'greylist' | 'accept' | 'reject' | 'continue'> | undefined;
    readonly settings: RuleSettings;
    /** All that is remembered of the client is forgotten. */
    readonly forgetsClient: boolean;
}
/** What a server has said, in milter-greylist's words. */
export interface ServerAnswer {
    /** Whether it holds by these words; undefined if there is none of them. */
    readonly holds: boolean | undefined;
    readonly override: RuleOverride;
}
/** Reads the keys `milterGreylist…` of an answer, in any letter case; what is wrong is left out. */
export declare function readServerAnswer(values: NamedValues): ServerAnswer;
/** What a rule does once the servers that it has asked have had their say. */
export declare function applyOverrides(rule: Pick<Rule, 'action' | 'settings'>, { overrides, effects, facts }: Pick<Evaluation, 'overrides' | 'effects' | 'facts'>): Pick<Rule, 'action' | 'settings'>;
