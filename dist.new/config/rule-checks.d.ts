import type { Stage } from '../greylist/attempt.js';
import type { ReplyTemplate } from '../greylist/reply-template.js';
import type { Action, OnUnknown } from '../rules/rule.js';
import type { LocalIssue } from './schema-issue.js';
/** Of a rule, what can contradict itself. */
export interface CheckedRule {
    readonly when?: Readonly<Record<string, unknown>> | undefined;
    readonly unless?: Readonly<Record<string, unknown>> | undefined;
    readonly then: Action;
    readonly 'on-unknown'?: OnUnknown | undefined;
    readonly stage?: string | undefined;
    readonly mode?: string | undefined;
    readonly code?: number | undefined;
    readonly enhanced?: string | undefined;
    readonly text?: ReplyTemplate | undefined;
}
/** All that contradicts itself in one rule. */
export declare function checkRule(rule: CheckedRule, list: 'recipient' | 'message', stageOf: (condition: string, value: unknown) => Stage | undefined): readonly LocalIssue[];
