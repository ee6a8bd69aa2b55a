import { recordKinds } from '../../migrate/record-kinds.js';
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
import { statisticsSchemas } from './statistics-schemas.js';

const share: Shape = { ...amount, maximum: 1 };
const tripletStates = object({ pending: count, passed: count, ended: count });
const clientStates = object({ pending: count, autowhite: count, ended: count });

const records = object({
  countedAt: described(instant, 'They are counted once a minute at most.'),
  records: described(count, 'Without those of statistics.'),
  statistics: described(count, 'Records of statistics, one for each hour.'),
  triplets: described(tripletStates, 'Clients of a sender and recipient, by state.'),
  clients: described(
    clientStates,
    'Clients that pass whatever they send, or are on their way to it.',
  ),
  replies: described(count, 'Answers that are expected.'),
  exceptions: described(count, 'By hand.'),
});

const store = object({
  path: text,
  health: word('ok', 'cannot-be-read', 'cannot-be-written'),
  'bytes?': described(
    count,
    'About what its files take, or its servers; absent while one of these is away.',
  ),
  pendingWrites: count,
  commits: count,
  failedCommits: count,
  'failedInARow?': described(count, 'Of these, the last ones.'),
  'expired?': described(
    count,
    'Records that were deleted because their time was over; absent where a server does that.',
  ),
  'servers?': described(
    object({ lost: count, back: count }),
    'How often one of them was lost since the start, and was back; of a shared store.',
  ),
  'records?': described(records, 'Absent until it has been counted.'),
});

const impairments = list(named('Impairment'));

const learning = object({
  since: instant,
  attempts: described(count, 'Of the last day.'),
  knownShare: described(share, 'Of these, those of triplets that were known.'),
  'knownShareBefore?': described(share, 'The same of the day before.'),
  isEnough: described(flag, 'Whether it is time to enforce.'),
});

const decisions = object({
  total: count,
  perHour: amount,
  counts: list(object({ verdict: text, reason: text, count, perHour: amount })),
});

const delays = object({
  count,
  medianSeconds: amount,
  p95Seconds: amount,
  longestSeconds: amount,
});

const reload = object({
  at: instant,
  ok: flag,
  changes: described(list(text), 'A line for each setting, rule and list that is different now.'),
  warnings: list(text),
  'code?': described(text, 'Why it failed: an error code; docs/log.md has them.'),
  'problem?': text,
});

const status = object({
  version: text,
  pid: count,
  startedAt: instant,
  uptimeSeconds: amount,
  configuredAt: described(instant, 'When the configuration in force was read.'),
  settings: described(text, 'The same for configurations that judge mail by the same settings.'),
  'lastReload?': named('ReloadReport'),
  warnings: described(
    list(text),
    'What is doubtful about the configuration in force, and the servers of its store.',
  ),
  mode: word('enforce', 'learn', 'shadow'),
  impairments: described(impairments, 'What keeps it from doing what it should.'),
  'learning?': described(learning, 'What the mode learn has seen since the start.'),
  listening: described(list(text), 'Where MTAs reach it.'),
  listeners: list(object({ protocol: word('milter', 'policy', 'admin', 'http'), address: text })),
  connections: described(count, 'MTAs that are connected.'),
  store,
  decisions: described(decisions, 'Since the start.'),
  'delays?': described(delays, 'From the first attempt to acceptance.'),
});

const record: Shape = {
  type: 'object',
  description: 'As a line of an export has it, and its name in paths.',
  required: ['id', 'kind'],
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9_-]*$' },
    kind: word(...recordKinds.map(({ name }) => name)),
    sender: text,
    recipient: text,
    sources: list({
      type: 'object',
      required: ['address', 'prefix', 'firstSeenAt', 'lastSeenAt', 'attempts', 'expiresAt'],
      properties: {
        address: text,
        prefix: count,
        name: text,
        firstSeenAt: instant,
        lastSeenAt: instant,
        attempts: count,
        passedAt: instant,
        expiresAt: instant,
        acceptAt: described(
          instant,
          'When it passes, where that was fixed at its first attempt; otherwise greylist.delay decides.',
        ),
        spelling: described(text, 'How the addresses were written, where that counts.'),
      },
    }),
    series: object({ firstAt: instant, lastReturnAt: instant, returns: count }),
  },
};

const problem = object({
  type: { const: 'about:blank' },
  title: text,
  status: { type: 'integer', minimum: 400, maximum: 599 },
  detail: text,
  code: described(text, 'An error code; docs/log.md has them.'),
});

const modes = word('enforce', 'learn', 'shadow');

/** What answers are made of. */
export const schemas: Readonly<Record<string, Shape>> = {
  Status: status,
  ReloadReport: reload,
  Record: record,
  RecordPage: object({
    records: list(named('Record')),
    'next?': described(text, 'The cursor of the next page; absent behind the last one.'),
    'keys?': described(list(text), 'If it is sorted: what each record is sorted by.'),
  }),
  ReleasePage: object({
    records: described(count, 'Of a sender and recipient each.'),
    triplets: described(count, 'Clients in them.'),
    'next?': described(text, 'The cursor of the next part; absent behind the last one.'),
  }),
  Released: object({
    triplets: count,
    'undo?': described(
      object({ record: named('Record'), tag: text }),
      'What to put back, and the tag of what is there now.',
    ),
  }),
  Exception: object({
    id: text,
    'client?': described(text, 'An address, or a network; absent where SPF has to pass instead.'),
    'spf?': described({ const: true }, 'From wherever SPF lets mail of the sender come.'),
    'sender?': described(text, '`a@b.example`, `@b.example`, or `<>`; absent: all of them.'),
    addedAt: instant,
    expiresAt: instant,
  }),
  Exceptions: object({ exceptions: list(named('Exception')) }),
  ...statisticsSchemas,
  Health: object({
    status: word('ok', 'impaired'),
    'mode?': described(modes, 'Only for those with a token, or at the Unix socket.'),
    'impairments?': described(impairments, 'The same.'),
  }),
  Readiness: object({
    status: word('ready', 'not-ready'),
    'mode?': described(modes, 'Only for those with a token, or at the Unix socket.'),
    'impairments?': described(impairments, 'The same.'),
  }),
  Impairment: object({
    cause: described(text, 'A word that stays: `store-read`, `reload-failed`, `learn`.'),
    text: described(text, 'For people.'),
    'since?': instant,
  }),
  Problem: described(problem, 'RFC 9457.'),
};
