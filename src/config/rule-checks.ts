import type { Stage } from '../greylist/attempt.js';
import type { ReplyTemplate } from '../greylist/reply-template.js';
import type { Action, OnUnknown } from '../rules/rule.js';
import { actions, isOfMail, isTiming } from './rule-actions.js';
import { checkRejectCode } from './rule-values.js';
import type { LocalIssue } from './schema-issue.js';
import { checkReplyCode } from './values.js';

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

type Check = (rule: CheckedRule, list: 'recipient' | 'message') => readonly LocalIssue[];

/** The settings that are not for every action. */
const SETTINGS: readonly string[] = actions.greylist.settings;

/** Why a setting does nothing. */
function uselessness(key: string, action: Action): string {
  if (isTiming(key)) {
    return 'only mail that is greylisted waits: write then: greylist';
  }
  if (action === 'continue') return 'set it in the rule that answers';
  if (isOfMail(key)) return 'this mail is delivered to nobody';
  if (key === 'mode') return 'mail passes in every mode';
  return action === 'quarantine'
    ? 'the client is told that the mail is accepted'
    : 'the client gets no reply of ours';
}

const uselessSettings: Check = (rule) => {
  const written = SETTINGS.filter((key) => Reflect.get(rule, key) !== undefined);
  return written
    .filter((key) => !actions[rule.then].settings.includes(key))
    .filter((key) => !(key === 'stage' && rule.then === 'quarantine'))
    .map((key) => ({
      path: [key],
      atKey: true,
      problem: `does nothing where a rule says ${rule.then}`,
      hint: uselessness(key, rule.then),
    }));
};

const actionInPlace: Check = ({ then, stage }, list) => {
  const issues: LocalIssue[] = [];
  if (list === 'recipient' && then === 'quarantine') {
    const hint = 'put the rule under message-rules: mail can be quarantined once it is there';
    issues.push({ path: ['then'], problem: 'cannot be quarantine here', hint });
  }
  if (list === 'message' && stage !== undefined) {
    const hint = 'message-rules are asked when the message is there: remove it';
    issues.push({ path: ['stage'], atKey: true, problem: 'does nothing here', hint });
  }
  return issues;
};

/** The stages at which an action is possible; all are where nothing else is said. */
const STAGES: Readonly<Partial<Record<Action, readonly [words: readonly string[], why: string]>>> =
  {
    greylist: [['rcpt', 'data'], 'greylisting needs the sender and the recipient'],
    continue: [['rcpt', 'data'], 'its settings are those of recipients'],
    discard: [['mail', 'rcpt', 'data'], 'before MAIL there is nothing to discard'],
  };

const stageOfAction: Check = ({ then, stage }, list) => {
  const [words, why] = STAGES[then] ?? [];
  if (list === 'message' || stage === undefined || words?.includes(stage) !== false) return [];
  const problem = `cannot be ${stage} where a rule says ${then}`;
  return [{ path: ['stage'], problem, hint: `${why ?? ''}: write ${words.join(' or ')}` }];
};

const replyCodes: Check = ({ then, code, enhanced }) => {
  const issues: LocalIssue[] = [];
  if (!actions[then].settings.includes('code')) return issues;
  // What goes on may end either way.
  const isEither = then === 'continue';
  const digit = then === 'reject' || (isEither && code !== undefined && code >= 500) ? '5' : '4';
  if (code !== undefined) {
    const refusal = digit === '5' ? checkRejectCode(code) : checkReplyCode(code);
    if (!('ok' in refusal)) issues.push({ path: ['code'], ...refusal });
  }
  // Where the two differ Postfix puts the filter aside for the rest of the session.
  if (enhanced !== undefined && !enhanced.startsWith(digit) && !(isEither && code === undefined)) {
    const problem = `must start with ${digit} where a rule says ${then}`;
    const hint = `as the reply code does: ${digit}${enhanced.slice(1)}`;
    issues.push({ path: ['enhanced'], problem, hint });
  }
  return issues;
};

const WAITS: readonly string[] = ['wait', 'minutes', 'remaining', 'delay'];

const replyText: Check = ({ then, text }) => {
  if (text === undefined || then === 'greylist' || then === 'continue') return [];
  const waits = text.placeholders
    .filter((name) => typeof name === 'string')
    .filter((name) => WAITS.includes(name));
  return waits.slice(0, 1).map((name) => ({
    path: ['text'],
    problem: `has {${name}}, which is known only where a rule says greylist`,
    hint: 'nobody waits here: leave it out',
  }));
};

const learnOnlyToGreylist: Check = ({ then, mode }) =>
  mode !== 'learn' || then === 'greylist' || then === 'continue'
    ? []
    : [
        {
          path: ['mode'],
          problem: `cannot be learn where a rule says ${then}`,
          hint: 'there is nothing to learn: write shadow to let it pass and log it',
        },
      ];

const CHECKS: readonly Check[] = [
  uselessSettings,
  actionInPlace,
  stageOfAction,
  replyCodes,
  replyText,
  learnOnlyToGreylist,
];

/** All that contradicts itself in one rule. */
export function checkRule(
  rule: CheckedRule,
  list: 'recipient' | 'message',
  stageOf: (condition: string, value: unknown) => Stage | undefined,
): readonly LocalIssue[] {
  const issues = CHECKS.flatMap((check) => check(rule, list));
  for (const side of ['when', 'unless'] as const) {
    for (const [name, value] of Object.entries(rule[side] ?? {})) {
      if (list === 'message' || stageOf(name, value) !== 'eom') continue;
      const problem = 'is known only when the message is there';
      const hint = 'put the rule under message-rules';
      issues.push({ path: [side, name], atKey: true, problem, hint });
    }
  }
  return issues;
}
