import type { GreylistSettings } from '../../src/greylist/advance.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When histories begin. */
export const T0 = Date.UTC(2025, 5, 1, 12);

/** The default settings. */
export const SETTINGS: GreylistSettings = {
  delayMs: 3 * MINUTE,
  retryWindowMs: 2 * DAY,
  autowhiteMs: 36 * DAY,
  learnForMs: undefined,
  renew: true,
  network: { ipv4: 24, ipv6: 64 },
  identity: { spf: true, hostName: true },
  patience: { tries: 4, overMs: 4 * HOUR },
};

/** The same while learning. */
export const LEARNING: GreylistSettings = { ...SETTINGS, learnForMs: 7 * DAY };
