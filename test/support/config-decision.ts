import { loadConfig } from '../../src/config/load.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import { evaluateRules } from '../../src/rules/evaluate.js';
import type { MessageFacts } from '../../src/rules/facts.js';
import type { Lookups } from '../../src/rules/lookups.js';
import { createEvaluation, createFacts, createLookups } from './rule-parts.js';

/** One attempt, as far as it is not like any other. */
export interface Case {
  readonly client?: string;
  readonly name?: string | undefined;
  readonly from?: string;
  readonly to?: string;
  readonly macros?: Readonly<Record<string, string>>;
  readonly message?: Partial<MessageFacts>;
  readonly lookups?: Partial<Lookups>;
  readonly recipientsBefore?: number;
}

/** What a configuration decides, with the delay if there is one of the rule's own. */
export async function decide(file: string, told: Case): Promise<string> {
  const { program } = await loadConfig({ file });
  const { client = '203.0.113.7', from = 's@client.example', to = 'r@example.com', macros } = told;
  const message =
    told.message === undefined ? undefined : { headers: [], bytes: 100, ...told.message };
  const facts = createFacts({
    attempt: {
      clientAddress: parseIpAddress(client),
      clientName: 'name' in told ? told.name : 'mail.client.example',
      sender: parseEnvelopeAddress(`<${from}>`),
      recipient: parseEnvelopeAddress(`<${to}>`),
    },
    ...(macros && { macros }),
    recipientsBefore: told.recipientsBefore ?? 0,
    message,
  });
  const nothing = { known: true, value: [] } as const;
  const lookups = createLookups({ dnsList: () => nothing, ...told.lookups });
  const rules = message === undefined ? program.rules : program.messageRules;
  const { action, rule, settings } = await evaluateRules(rules, createEvaluation(facts, lookups));
  const delay = settings.delayMs === undefined ? '' : ` after ${settings.delayMs / 60_000}m`;
  return `${action}${delay} by ${rule?.name ?? 'none'}`;
}
