import type { Decision } from '../greylist/decision.js';
import type { ReplyValues } from '../greylist/reply-template.js';
import type { MacroSource } from './macro-source.js';
import type { Ruling } from '../rules/rule.js';
import type { Terms } from './terms.js';

/** What a reply's text may show. */
export function replyValues(
  { attempt, found }: Pick<Decision, 'attempt'> & { readonly found?: Ruling['found'] | undefined },
  waitMs: number,
  terms: Terms,
  context: MacroSource,
): ReplyValues {
  return {
    waitMs,
    delayMs: terms.greylist.delayMs,
    client: attempt.clientAddress?.text,
    name: attempt.clientName,
    from: attempt.sender.text,
    to: attempt.recipient.text,
    id: attempt.id,
    host: context.macro('j'),
    dnsbl: found?.get('dnsbl'),
  };
}
