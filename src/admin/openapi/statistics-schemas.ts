import { statisticsBands } from '../../greylist/statistics.js';
import {
  amount,
  count,
  described,
  flag,
  instant,
  list,
  named,
  object,
  text,
  word,
} from './shapes.js';
import type { Shape } from './shapes.js';

const modes = word('enforce', 'learn', 'shadow');
const bands = object(Object.fromEntries(statisticsBands.map((band) => [band, count])));

const retry = object({
  upToSeconds: described({ type: ['number', 'null'] }, 'Null: however long.'),
  count,
});

const statistics = object({
  from: instant,
  until: described(instant, 'Not included.'),
  stepSeconds: count,
  points: described(list(object({ at: instant, bands })), 'Oldest first, exact to the minute.'),
  wholeHoursFrom: described(instant, 'From where on all that follows is counted.'),
  delaySeconds: described(amount, 'How long clients are put off, as it is configured now.'),
  decisions: list(object({ reason: text, would: text, mode: modes, count })),
  firstAttempts: count,
  cameBack: count,
  neverCameBack: described(
    { type: ['integer', 'null'], minimum: 0 },
    'Null: a shared store does not tell.',
  ),
  retries: described(list(retry), 'From the first attempt to the second.'),
  domains: list(object({ domain: text, count, averageSeconds: amount })),
  networks: list(object({ network: text, count })),
});

const rule = object({
  section: word('rules', 'message-rules'),
  name: text,
  place: described(text, '`greymilter.yaml:40`'),
  action: text,
  hits: described(count, 'How often it has decided, or lent its settings.'),
});

const lookup = object({
  kind: text,
  asked: count,
  unknown: count,
  'averageMs?': described(amount, 'Of those that were not answered at once.'),
});

const page = object({
  version: text,
  isReady: flag,
  mode: modes,
  impairments: list(named('Impairment')),
  mayWrite: described(flag, 'Whether who asks may change anything.'),
  delaySeconds: amount,
  statistics: object({
    keepSeconds: amount,
    names: described(flag, 'Whether domains and networks are counted.'),
  }),
});

/** What statistics, rules, lookups and the page's own answer are made of. */
export const statisticsSchemas: Readonly<Record<string, Shape>> = {
  Statistics: statistics,
  Rules: object({ countedSince: instant, rules: list(rule) }),
  Lookups: object({
    lookups: described(list(lookup), 'Since the configuration was read.'),
  }),
  Page: page,
};
