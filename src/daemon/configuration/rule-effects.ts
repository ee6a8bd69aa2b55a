import { renderPlainTemplate } from '../../greylist/text-template.js';
import type { Effects } from '../../rules/condition.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Pseudonyms } from '../../telemetry/pseudonyms.js';
import type { ClientForgetting } from '../greylisting/client-forgetting.js';
import { hideContext } from '../process/hidden-context.js';

/** What rules do beside their verdict. @param pseudonyms where the log has them in the place of addresses */
export function createRuleEffects(
  logger: Pick<Logger, 'info'>,
  forgetting: Pick<ClientForgetting, 'forget'>,
  pseudonyms: () => Pseudonyms | undefined,
): Effects {
  return {
    log: (template, texts) => {
      const hide = pseudonyms();
      const shown = hide ? hideContext(texts, hide) : texts;
      logger.info(renderPlainTemplate(template, shown), { id: texts.attempt.id });
    },
    forgetClient: (client, { id }) => forgetting.forget(client, { id }),
  };
}
