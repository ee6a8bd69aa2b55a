import type { WrittenRule } from '../config/rules-section.js';
import type { RuleSettings } from './rule.js';

/** What a rule sets, in the words of the program. */
export function settingsOf(rule: WrittenRule): RuleSettings {
  const { delay, autowhite, network, stage, mode, code, enhanced, text, headers, log } = rule;
  const retryWindow = rule['retry-window'];
  return {
    ...(delay !== undefined && { delayMs: delay }),
    ...(retryWindow !== undefined && { retryWindowMs: retryWindow }),
    ...(autowhite !== undefined && { autowhiteMs: autowhite }),
    ...(network?.ipv4 !== undefined && { ipv4: network.ipv4 }),
    ...(network?.ipv6 !== undefined && { ipv6: network.ipv6 }),
    ...(stage !== undefined && { stage }),
    ...(mode !== undefined && { mode }),
    ...(code !== undefined && { code }),
    ...(enhanced !== undefined && { enhanced }),
    ...(text !== undefined && { text }),
    ...(headers !== undefined && { headers: Object.entries(headers) }),
    ...(log !== undefined && { log }),
  };
}
