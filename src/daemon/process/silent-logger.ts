import type { Logger } from '../../telemetry/logger.js';

/** For judging what nobody decides: an explanation, or a replay. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  decision: () => undefined,
};
