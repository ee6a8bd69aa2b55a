import type { TemplateContext } from '../../greylist/template-context.js';
import type { Pseudonyms } from '../../telemetry/pseudonyms.js';

/**
 * What texts may show where addresses are hidden. Macros have the addresses again, the words of a reply
 * may, and servers have been asked about them: none of that is shown.
 */
export function hideContext(context: TemplateContext, pseudonyms: Pseudonyms): TemplateContext {
  const { now, timeZone, version, host, rule, elapsedMs, remainingMs, decision, reply } = context;
  const attempt = pseudonyms.attempt(context.attempt);
  return {
    ...{ now, timeZone, version, host, rule, elapsedMs, remainingMs, decision, attempt },
    reply: reply && { code: reply.code, enhanced: reply.enhanced },
    tripletSender: attempt.sender.text,
    macro: () => undefined,
    groups: () => [],
  };
}
