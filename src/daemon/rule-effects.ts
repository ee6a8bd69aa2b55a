import type { Effects } from '../rules/condition.js';
import type { Logger } from '../telemetry/logger.js';
import type { ClientForgetting } from './client-forgetting.js';

/** What rules do beside their verdict. */
export function createRuleEffects(
  logger: Pick<Logger, 'info'>,
  forgetting: Pick<ClientForgetting, 'forget'>,
): Effects {
  return {
    log: (text, { id }) => logger.info(text, { id }),
    forgetClient: (client, { id }) => forgetting.forget(client, { id }),
  };
}
