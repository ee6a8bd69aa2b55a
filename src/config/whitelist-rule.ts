import { whitelistRules } from '../greylist/whitelist-rules.js';

/** The rule, as it would be written, that stands for a whitelist of Postgrey. */
export function whitelistRule(kind: 'clients' | 'recipients', list: string): unknown {
  const condition = kind === 'clients' ? 'client' : 'recipient';
  return { name: whitelistRules[kind], when: { [condition]: `list:${list}` }, then: 'accept' };
}
