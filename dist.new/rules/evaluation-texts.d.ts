import type { Attempt } from '../greylist/attempt.js';
import type { TemplateContext, TextSurroundings } from '../greylist/template-context.js';
import type { Facts } from './facts.js';
import type { Pattern } from './pattern.js';
import type { Properties, PropertyValues } from './properties.js';
import type { Rule } from './rule.js';
/** What is known of an attempt while rules are asked about it. */
interface Known {
    readonly facts: Facts;
    readonly found: ReadonlyMap<string, string>;
    readonly properties: Properties;
}
/** What texts in rules show while these are asked: each what is known by then. */
export declare class EvaluationTexts implements TemplateContext {
    #private;
    readonly attempt: Attempt;
    readonly now: number;
    readonly timeZone: string;
    readonly version: string;
    readonly host: string;
    readonly found: ReadonlyMap<string, string>;
    constructor({ facts, found, properties }: Known, surroundings: TextSurroundings);
    get tripletSender(): string;
    get properties(): PropertyValues;
    get rule(): TemplateContext['rule'];
    macro(symbol: string): string | undefined;
    /** What the groups of this rule's patterns have caught, those of the last pattern first. */
    groups(): readonly string[];
    /** Another rule is asked: what the patterns of the last one have found is its own. */
    begin(rule: Rule): void;
    /** A condition of the rule has found a pattern. */
    see(pattern: Pick<Pattern, 'groups'>, subject: string): void;
    /** The groups as they are now, found out when somebody asks; undefined without any pattern. */
    keepGroups(): (() => readonly string[]) | undefined;
}
export {};
