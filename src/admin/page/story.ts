import type { StoredRecord, StoredSource } from './api.js';
import { openDialog } from './dialog.js';
import { element } from './dom.js';
import { formatAddress, formatDuration, formatTime } from './format.js';

/** All that is known of a sender and a recipient, in the order in which it happened. */
export function tellStory(record: StoredRecord): void {
  const { sender = '', recipient = '', sources = [], series } = record;
  const parts = [...sources]
    .sort((one, other) => Date.parse(one.firstSeenAt) - Date.parse(other.firstSeenAt))
    .flatMap((source) => [
      element('h3', {}, headOf(source)),
      element('ol', { class: 'story' }, ...eventsOf(source).map((text) => element('li', {}, text))),
    ]);
  const returns =
    series === undefined
      ? []
      : [
          element(
            'p',
            { class: 'muted' },
            `Put off since ${formatTime(series.firstAt)} from whatever network; came back ${series.returns === 1 ? 'once' : `${series.returns} times`}, each at least a delay after the last.`,
          ),
        ];
  openDialog(`${formatAddress(sender)} to ${recipient}`, [...parts, ...returns]);
}

function headOf({ address, prefix, name }: StoredSource): string {
  return `${name === undefined ? '' : `${name}, `}${address} (network of /${prefix})`;
}

function eventsOf(source: StoredSource): readonly string[] {
  const { firstSeenAt, lastSeenAt, attempts, passedAt, expiresAt } = source;
  const isOver = Date.parse(expiresAt) <= Date.now();
  const end = formatTime(expiresAt);
  const first = `${formatTime(firstSeenAt)}: first attempt, put off`;
  if (passedAt === undefined) {
    const again =
      attempts > 1
        ? [`${formatTime(lastSeenAt)}: last of ${attempts} attempts, put off`]
        : ['It has not come back yet.'];
    const fate = isOver
      ? `${end}: forgotten, for it did not come back in time`
      : `${end}: is forgotten if it does not come back by then`;
    return [first, ...again, fate];
  }
  const waited = (Date.parse(passedAt) - Date.parse(firstSeenAt)) / 1000;
  return [
    // Who had to prove nothing, as in mode learn, was never put off.
    ...(waited > 0
      ? [first, `${formatTime(passedAt)}: passed, ${formatDuration(waited)} later`]
      : [`${formatTime(passedAt)}: first attempt, let through`]),
    `${formatTime(lastSeenAt)}: last mail that was noted`,
    `${end}: ${isOver ? 'forgotten' : 'is forgotten if no mail comes by then'}`,
  ];
}
