import type { Decision } from '../greylist/decision.js';
import type { Logger } from './logger.js';

/** The same logger, of which somebody else hears the decisions as well, whatever the level is. */
export function hearDecisions(logger: Logger, hear: (decision: Decision) => void): Logger {
  return {
    error: (message, fields) => logger.error(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    info: (message, fields) => logger.info(message, fields),
    debug: (message, fields) => logger.debug(message, fields),
    get isDebug() {
      return logger.isDebug === true;
    },
    decision: (decision, level) => {
      hear(decision);
      logger.decision(decision, level);
    },
  };
}
