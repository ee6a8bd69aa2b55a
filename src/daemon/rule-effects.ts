import type { Logger } from '../telemetry/logger.js';
import type { ClientForgetting } from './client-forgetting.js';
import type { RuleEffects } from './rule-judge.js';

/** What rules do beside their verdict. */
export function createRuleEffects(
  logger: Pick<Logger, 'info'>,
  forgetting: Pick<ClientForgetting, 'forget'>,
): RuleEffects {
  return {
    log: (text, { id }) => logger.info(text, { id }),
    forgetClient: (client, { id }) => forgetting.forget(client, { id }),
  };
}
