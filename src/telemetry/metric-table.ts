import type { MetricRow, Sample } from './metric-row.js';
import type { MetricsReading, ProtocolReading } from './metrics-source.js';

const one = (value: number): readonly Sample[] => [{ labels: {}, value }];

const sampled = (
  label: string,
  entries: readonly (readonly [word: string, value: number])[],
): readonly Sample[] => entries.map(([word, value]) => ({ labels: { [label]: word }, value }));

const byProtocol = (
  { protocols }: MetricsReading,
  read: (protocol: ProtocolReading) => number,
): readonly Sample[] => [
  { labels: { protocol: 'milter' }, value: read(protocols.milter) },
  { labels: { protocol: 'policy' }, value: read(protocols.policy) },
];

const modes = ['enforce', 'learn', 'shadow'] as const;

const mail: readonly MetricRow[] = [
  {
    name: 'greymilter_decisions',
    kind: 'counter',
    help: 'Decisions, one for each recipient.',
    labels: ['verdict', 'reason', 'mode', 'would'],
    read: ({ decisions, mode }) =>
      decisions.read(mode).map(({ count, ...labels }) => ({ labels, value: count })),
  },
  {
    name: 'greymilter_time_to_pass_seconds',
    kind: 'histogram',
    help: 'Time from the first attempt to the one that passed; in enforce mode only.',
    labels: [],
    read: ({ decisions }) => decisions.timeToPass,
  },
  {
    name: 'greymilter_answer_seconds',
    kind: 'histogram',
    help: "Time from an MTA's question to its answer, lookups and the store included.",
    labels: [],
    read: ({ decisions }) => decisions.answerTime,
  },
  {
    name: 'greymilter_forgotten_triplets',
    kind: 'counter',
    help: 'Triplets that the store has forgotten: never-returned tried once, returned-early tried again but never passed, passed did.',
    labels: ['outcome'],
    read: ({ forgotten }) => sampled('outcome', Object.entries(forgotten)),
  },
  {
    name: 'greymilter_unremembered_triplets',
    kind: 'counter',
    help: 'New triplets beyond a limit: those beyond `limits.pending` passed, those beyond `limits.pending-per-network` were put off.',
    labels: ['limit'],
    read: ({ notRemembered }) => sampled('limit', Object.entries(notRemembered)),
  },
  {
    name: 'greymilter_triplets',
    kind: 'gauge',
    help: 'Triplets in the store; counted now and then, and absent until that is done.',
    labels: ['state'],
    read: ({ population }) =>
      population === undefined ? [] : sampled('state', Object.entries(population.triplets)),
  },
  {
    name: 'greymilter_autowhite_clients',
    kind: 'gauge',
    help: 'Clients with points: autowhite pass without a triplet, pending do not yet; counted likewise.',
    labels: ['state'],
    read: ({ population }) =>
      population === undefined ? [] : sampled('state', Object.entries(population.autowhite)),
  },
  {
    name: 'greymilter_records',
    kind: 'gauge',
    help: 'Records in the store, by their kind in an export; counted likewise.',
    labels: ['kind'],
    read: ({ population }) =>
      population === undefined ? [] : sampled('kind', [...population.records]),
  },
  {
    name: 'greymilter_records_counted_timestamp_seconds',
    kind: 'gauge',
    help: 'When records were counted last.',
    labels: [],
    read: ({ population }) => (population === undefined ? [] : one(population.at / 1000)),
  },
];

const state: readonly MetricRow[] = [
  {
    name: 'greymilter_failing_open',
    kind: 'gauge',
    help: '1 while mail passes, or is put off, without being judged, for this cause.',
    labels: ['cause'],
    read: ({ failingOpen }) =>
      sampled(
        'cause',
        failingOpen.map(([cause, isOn]) => [cause, isOn ? 1 : 0] as const),
      ),
  },
  {
    name: 'greymilter_mode',
    kind: 'gauge',
    help: '1 for the mode in force.',
    labels: ['mode'],
    read: (reading) =>
      sampled(
        'mode',
        modes.map((mode) => [mode, mode === reading.mode ? 1 : 0] as const),
      ),
  },
  {
    name: 'greymilter_build_info',
    kind: 'gauge',
    help: 'Always 1; the labels tell what runs.',
    labels: ['version', 'node'],
    read: ({ version }) => [{ labels: { version, node: process.version }, value: 1 }],
  },
  {
    name: 'greymilter_start_timestamp_seconds',
    kind: 'gauge',
    help: 'When the filter was started.',
    labels: [],
    read: ({ startedAt }) => one(startedAt / 1000),
  },
  {
    name: 'greymilter_configured_timestamp_seconds',
    kind: 'gauge',
    help: 'When the configuration in force was read.',
    labels: [],
    read: ({ configuredAt }) => one(configuredAt / 1000),
  },
  {
    name: 'greymilter_reload_failed',
    kind: 'gauge',
    help: '1 if the last reload was refused, so that the configuration before it is in force.',
    labels: [],
    read: ({ isReloadFailed }) => one(isReloadFailed ? 1 : 0),
  },
  {
    name: 'greymilter_log_lines_dropped',
    kind: 'counter',
    help: 'Log lines that were lost because their destination refused them for too long.',
    labels: [],
    read: ({ droppedLines }) => one(droppedLines),
  },
  {
    name: 'greymilter_event_loop_delay_seconds',
    kind: 'gauge',
    help: 'How late the event loop was since the last scrape: its mean, 99th percentile and maximum.',
    labels: ['statistic'],
    read: ({ loop }) => sampled('statistic', Object.entries(loop)),
  },
  {
    name: 'greymilter_process_cpu_seconds',
    kind: 'counter',
    help: 'CPU time of the filter.',
    labels: [],
    read: (reading) => one(reading.process.cpuSeconds),
  },
  {
    name: 'greymilter_process_resident_memory_bytes',
    kind: 'gauge',
    help: 'Memory of the filter.',
    labels: [],
    read: (reading) => one(reading.process.residentBytes),
  },
];

const protocols: readonly MetricRow[] = [
  {
    name: 'greymilter_open_connections',
    kind: 'gauge',
    help: 'Connections of MTAs that are open now.',
    labels: ['protocol'],
    read: (reading) => byProtocol(reading, ({ connected }) => connected),
  },
  {
    name: 'greymilter_connections',
    kind: 'counter',
    help: 'Connections of MTAs that were served.',
    labels: ['protocol'],
    read: (reading) => byProtocol(reading, ({ counts }) => counts.connections),
  },
  {
    name: 'greymilter_overloaded_connections',
    kind: 'counter',
    help: 'Of these, connections above `limits.connections`: their mail passes.',
    labels: ['protocol'],
    read: (reading) => byProtocol(reading, ({ counts }) => counts.overloaded),
  },
  {
    name: 'greymilter_refused_connections',
    kind: 'counter',
    help: 'Connections far above `limits.connections`, which were closed.',
    labels: ['protocol'],
    read: (reading) => byProtocol(reading, ({ counts }) => counts.refused),
  },
  {
    name: 'greymilter_negotiated',
    kind: 'counter',
    help: 'Connections by the version of the milter protocol that was agreed on.',
    labels: ['version'],
    read: (reading) => sampled('version', reading.protocols.milter.counts.versions.entries()),
  },
  {
    name: 'greymilter_protocol_errors',
    kind: 'counter',
    help: 'Connections that an error ended, and policy requests that could not be read, by error code.',
    labels: ['protocol', 'code'],
    read: (reading) =>
      (['milter', 'policy'] as const).flatMap((protocol) =>
        reading.protocols[protocol].counts.errors
          .entries()
          .map(([code, value]) => ({ labels: { protocol, code }, value })),
      ),
  },
  {
    name: 'greymilter_odd_packets',
    kind: 'counter',
    help: 'Packets of MTAs that were out of order or malformed, and were answered all the same.',
    labels: ['kind'],
    read: (reading) => sampled('kind', reading.protocols.milter.counts.incidents.entries()),
  },
  {
    name: 'greymilter_admin_refusals',
    kind: 'counter',
    help: 'Who was not served at the admin interface: connections closed as crowded or greedy, requests turned-away.',
    labels: ['listener', 'reason'],
    read: ({ admin: { crowded, greedy, turnedAway } }) =>
      Object.entries({ crowded, greedy, 'turned-away': turnedAway }).flatMap(([reason, counts]) =>
        (['admin', 'http'] as const).map((listener) => ({
          labels: { listener, reason },
          value: counts.of(listener),
        })),
      ),
  },
];

const outside: readonly MetricRow[] = [
  {
    name: 'greymilter_lookups',
    kind: 'counter',
    help: 'Lookups of rules and of greylisting.',
    labels: ['kind'],
    read: ({ lookups }) =>
      sampled(
        'kind',
        lookups.map(({ kind, asked }) => [kind, asked] as const),
      ),
  },
  {
    name: 'greymilter_unknown_lookups',
    kind: 'counter',
    help: 'Of these, lookups without an answer: time-outs, failures, limits.',
    labels: ['kind'],
    read: ({ lookups }) =>
      sampled(
        'kind',
        lookups.map(({ kind, unknown }) => [kind, unknown] as const),
      ),
  },
  {
    name: 'greymilter_awaited_lookups',
    kind: 'counter',
    help: 'Of these, lookups that were not answered at once.',
    labels: ['kind'],
    read: ({ lookups }) =>
      sampled(
        'kind',
        lookups.map(({ kind, waited }) => [kind, waited] as const),
      ),
  },
  {
    name: 'greymilter_lookup_wait_seconds',
    kind: 'counter',
    help: 'How long these took, together.',
    labels: ['kind'],
    read: ({ lookups }) =>
      sampled(
        'kind',
        lookups.map(({ kind, microseconds }) => [kind, microseconds / 1e6] as const),
      ),
  },
  {
    name: 'greymilter_dns_questions',
    kind: 'counter',
    help: 'Questions to name servers: asked, or cached, joined to one under way, refused by a limit; of those asked, failed and timed-out.',
    labels: ['outcome'],
    read: ({ dns }) => (dns === undefined ? [] : sampled('outcome', Object.entries(dns.outcomes))),
  },
  {
    name: 'greymilter_dns_wait_seconds',
    kind: 'counter',
    help: 'How long those that were asked took, together.',
    labels: [],
    read: ({ dns }) => (dns === undefined ? [] : one(dns.microseconds / 1e6)),
  },
];

const store: readonly MetricRow[] = [
  {
    name: 'greymilter_store_read_seconds',
    kind: 'histogram',
    help: 'Time to read a record.',
    labels: [],
    read: (reading) => reading.store.reads,
  },
  {
    name: 'greymilter_store_commit_seconds',
    kind: 'histogram',
    help: 'Time from the first write of a commit until what waits for it is answered.',
    labels: [],
    read: (reading) => reading.store.commits,
  },
  {
    name: 'greymilter_store_commits',
    kind: 'counter',
    help: 'Commits that succeeded.',
    labels: [],
    read: ({ store: { stats } }) => (stats === undefined ? [] : one(stats.commits)),
  },
  {
    name: 'greymilter_store_failed_commits',
    kind: 'counter',
    help: 'Commits that failed.',
    labels: [],
    read: ({ store: { stats } }) => (stats === undefined ? [] : one(stats.failedCommits)),
  },
  {
    name: 'greymilter_store_pending_writes',
    kind: 'gauge',
    help: "Writes that the store's files do not have yet.",
    labels: [],
    read: ({ store: { stats } }) => (stats === undefined ? [] : one(stats.pendingWrites)),
  },
  {
    name: 'greymilter_store_bytes',
    kind: 'gauge',
    help: 'Size of the store, about; absent while a server of it is away.',
    labels: [],
    read: ({ store: { stats } }) => (stats?.bytes === undefined ? [] : one(stats.bytes)),
  },
  {
    name: 'greymilter_store_expired_records',
    kind: 'counter',
    help: 'Records that were deleted because their time was over; absent where a server does that.',
    labels: [],
    read: ({ store: { stats } }) => (stats?.expired === undefined ? [] : one(stats.expired)),
  },
  {
    name: 'greymilter_store_server_changes',
    kind: 'counter',
    help: 'How often a server of a shared store was lost, and was back.',
    labels: ['event'],
    read: ({ store: { stats } }) =>
      stats === undefined
        ? []
        : sampled('event', Object.entries(stats.servers ?? { lost: 0, back: 0 })),
  },
  {
    name: 'greymilter_store_damaged_blocks',
    kind: 'gauge',
    help: 'Blocks of the store that are not as they were written, as the last check has found it.',
    labels: [],
    read: (reading) => one(reading.store.damagedBlocks),
  },
  {
    name: 'greymilter_store_checked_timestamp_seconds',
    kind: 'gauge',
    help: 'When the files of the store were checked last; absent until then, and for a shared store.',
    labels: [],
    read: ({ store: { checkedAt } }) => (checkedAt === undefined ? [] : one(checkedAt / 1000)),
  },
];

/** Every metric there is, in the order of docs/operating.md. */
export const metricTable: readonly MetricRow[] = [
  ...mail,
  ...state,
  ...protocols,
  ...outside,
  ...store,
];

/** As Prometheus shows it: counters end in `_total`. */
export function shownName({ name, kind }: Pick<MetricRow, 'name' | 'kind'>): string {
  return kind === 'counter' ? `${name}_total` : name;
}
