import { ask } from './api.js';
import { byId, element, table, type Child } from './dom.js';
import { formatBytes, formatCount, formatDuration, formatTime } from './format.js';

/** Shows how the filter, its store and its lookups are. */
export async function showHealth(): Promise<void> {
  const [status, { lookups }] = await Promise.all([ask('status'), ask('lookups')]);
  const { store, connections, uptimeSeconds, listeners, lastReload, delays } = status;
  const health = {
    ok: 'is read and written',
    'cannot-be-read': 'CANNOT BE READ',
    'cannot-be-written': 'CANNOT BE WRITTEN',
  }[store.health];
  const records = store.records;
  const filter = card('Filter', [
    ['version', status.version],
    ['up', formatDuration(uptimeSeconds)],
    ['configured', formatTime(status.configuredAt)],
    ['last reload', lastReload === undefined ? 'none' : reloadOf(lastReload)],
    ['MTAs connected', formatCount(connections)],
    ['listens', listeners.map(({ protocol, address }) => `${protocol} ${address}`).join(', ')],
    [
      'median delay',
      delays === undefined ? 'nobody came back' : formatDuration(delays.medianSeconds),
    ],
  ]);
  const kept = card('Store', [
    ['state', health],
    ['size', store.bytes === undefined ? 'not known now' : formatBytes(store.bytes)],
    [
      'triplets pending',
      records === undefined ? 'being counted' : formatCount(records.triplets.pending),
    ],
    [
      'triplets passed',
      records === undefined ? 'being counted' : formatCount(records.triplets.passed),
    ],
    ['writes that failed', formatCount(store.failedCommits)],
    ...(store.servers === undefined
      ? []
      : [['server lost', `${formatCount(store.servers.lost)} times`] as const]),
  ]);
  const asked = lookups.filter((each) => each.asked > 0);
  const answers = element(
    'div',
    { class: 'card' },
    element('h3', {}, 'Lookups'),
    asked.length === 0
      ? element('p', { class: 'muted' }, 'None was made since the configuration was read.')
      : table(
          'Lookups',
          ['Kind', 'Asked', 'No answer', 'Average'],
          asked.map(({ kind, asked: times, unknown, averageMs }) => [
            kind,
            formatCount(times),
            formatCount(unknown),
            averageMs === undefined ? '–' : `${averageMs} ms`,
          ]),
          [1, 2, 3],
        ),
  );
  byId('health-list', HTMLDivElement).replaceChildren(filter, kept, answers);
}

/** Shows the rules in force. */
export async function showRules(): Promise<void> {
  const { rules, countedSince } = await ask('rules');
  const place = byId('rule-list', HTMLDivElement);
  if (rules.length === 0) {
    place.replaceChildren(element('p', { class: 'muted' }, 'There are none: all is greylisted.'));
    return;
  }
  const rows = rules.map(({ section, name, action, place: where, hits }) => [
    section === 'rules' ? name : `${name} (of messages)`,
    action,
    element('span', { class: 'mono' }, where),
    formatCount(hits),
  ]);
  place.replaceChildren(
    element(
      'p',
      { class: 'muted' },
      `How often each has decided since ${formatTime(countedSince)}.`,
    ),
    table('Rules', ['Rule', 'Action', 'Where', 'Times'], rows, [3]),
  );
}

function reloadOf({
  at,
  ok,
  problem,
}: {
  at: string;
  ok: boolean;
  problem?: string | undefined;
}): string {
  return ok ? formatTime(at) : `${formatTime(at)}, FAILED: ${problem ?? 'see the log'}`;
}

function card(title: string, rows: readonly (readonly [string, Child])[]): HTMLElement {
  return element(
    'div',
    { class: 'card facts' },
    element('h3', {}, title),
    table(title, ['What', 'How it is'], rows),
  );
}
