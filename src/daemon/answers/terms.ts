import type { GreylistSettings } from '../../greylist/advance.js';
import type { TextSurroundings } from '../../greylist/template-context.js';
import type { Mode } from '../../greylist/decision.js';
import type { Reply } from '../../protocols/milter/index.js';
import type { PolicyAction } from '../../protocols/postfix-policy/index.js';
import type { HeaderField, RuleSettings } from '../../rules/rule.js';
import type { LogLevel } from '../../telemetry/logger.js';
import type { Replies } from './decision-reply.js';
import { milterRepliesOf } from './milter-replies.js';
import { learnForMs, type Policy } from '../policy/policy.js';
import { replyFormsOf, type ReplyForms } from './reply-forms.js';
import { postfixRepliesOf } from './postfix-replies.js';

/** How long somebody waits for an answer. */
export interface WaitTerms {
  readonly ms: number;
  readonly scope: 'session' | 'command';
  /** Whether who is refused by a rule waits as well. */
  readonly refusals: boolean;
}

/** What holds for one recipient: the policy, and on top of it what a rule has set. */
export interface Terms {
  readonly greylist: GreylistSettings;
  /** When the recipient is answered. */
  readonly stage: 'rcpt' | 'data';
  readonly mode: Mode;
  readonly milterReplies: Replies<Reply<'replycode'>>;
  /** What the replies are made of. */
  readonly replyForms: ReplyForms;
  readonly postfixReplies: Replies<PolicyAction>;
  /** Header fields for the message if this recipient gets it. */
  readonly headers: readonly HeaderField[];
  /** What texts show that is the same for all mail. */
  readonly surroundings: TextSurroundings;
  /** How long who is not known has to wait for the answer; undefined if not at all. */
  readonly tarpit: WaitTerms | undefined;
  /** The level of the decision's line. */
  readonly log: LogLevel;
}

/** Finds the terms of a recipient; the same object for the same settings. */
export type FindTerms = (settings: RuleSettings | undefined, isProbe: boolean) => Terms;

const noHeaders: Terms['headers'] = Object.freeze([]);

/** Derives what a policy's rules need, once for each rule and not once for each recipient. */
export function createTermsFinder(policy: Policy): FindTerms {
  const usual = termsOf(policy, {}, false);
  const usualOfProbes = termsOf(policy, {}, true);
  const own = new WeakMap<RuleSettings, Terms>();
  const ownOfProbes = new WeakMap<RuleSettings, Terms>();
  return (settings, isProbe) => {
    if (settings === undefined) return isProbe ? usualOfProbes : usual;
    const known = isProbe ? ownOfProbes : own;
    let terms = known.get(settings);
    if (terms === undefined) {
      terms = termsOf(policy, settings, isProbe);
      known.set(settings, terms);
    }
    return terms;
  };
}

function termsOf(policy: Policy, settings: RuleSettings, isProbe: boolean): Terms {
  const base = isProbe ? policy.probe : policy.greylist;
  const mode = settings.mode ?? policy.mode;
  const { stage } = settings;
  const usualStage = isProbe ? policy.probeStage : policy.stage;
  return {
    greylist: {
      ...base,
      delayMs: settings.delayMs ?? base.delayMs,
      retryWindowMs: settings.retryWindowMs ?? base.retryWindowMs,
      // The short life of what may only be probing is no matter of taste.
      autowhiteMs: base.renew ? (settings.autowhiteMs ?? base.autowhiteMs) : base.autowhiteMs,
      learnForMs: learnForMs(mode),
      network: {
        ipv4: settings.ipv4 ?? base.network.ipv4,
        ipv6: settings.ipv6 ?? base.network.ipv6,
      },
    },
    stage: stage === 'data' || stage === 'rcpt' ? stage : usualStage,
    mode,
    milterReplies: milterRepliesOf(policy, settings),
    replyForms: replyFormsOf(policy, settings),
    postfixReplies: postfixRepliesOf(policy, settings),
    headers: settings.headers ?? noHeaders,
    surroundings: policy.surroundings,
    tarpit:
      settings.tarpitMs === undefined
        ? undefined
        : {
            ms: settings.tarpitMs,
            scope: settings.tarpitScope ?? 'session',
            refusals: settings.tarpitsRefusals ?? true,
          },
    log: settings.log ?? 'info',
  };
}
