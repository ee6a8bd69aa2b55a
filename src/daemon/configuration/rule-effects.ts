import { renderPlainTemplate } from '../../greylist/text-template.js';
import type { Effects } from '../../rules/condition.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Pseudonyms } from '../../telemetry/pseudonyms.js';
import type { ClientForgetting } from '../greylisting/client-forgetting.js';
import { hideContext } from '../process/hidden-context.js';

/** What the log says of it; milter-greylist has words of its own. */
const RATE_EXCEEDED = 'a rate is exceeded';

/** What rules do beside their verdict. @param pseudonyms where the log has them in the place of addresses */
export function createRuleEffects(
  logger: Pick<Logger, 'info' | 'debug'>,
  forgetting: Pick<ClientForgetting, 'forget'>,
  pseudonyms: () => Pseudonyms | undefined,
): Effects {
  return {
    log: (template, texts) => {
      const hide = pseudonyms();
      const shown = hide ? hideContext(texts, hide) : texts;
      logger.info(renderPlainTemplate(template, shown), { id: texts.attempt.id }, 'rule');
    },
    forgetClient: (client, { attempt, rule }) =>
      forgetting.forget(client, { id: attempt.id, rule: rule?.name, line: rule?.line }),
    // A client can cause it as often as it likes, and the decision says which rule came of it.
    exceedRate: ({ id }, { counter, seen, over, counted, seconds, key }) =>
      logger.debug(RATE_EXCEEDED, { id, rate: counter, seen, over, counted, seconds, key }),
  };
}
