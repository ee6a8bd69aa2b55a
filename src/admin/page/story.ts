import type { StoredRecord, StoredSource } from './api.js';
import { openDialog } from './dialog.js';
import { element } from './dom.js';
import { formatAddress, formatDuration, formatTime } from './format.js';

/**
 * All that is known of a sender and a recipient, in the order in which it happened.
 *
 * @param delaySeconds of `greylist.delay`, if that is known
 */
export function tellStory(record: StoredRecord, delaySeconds?: number): void {
  const { sender = '', recipient = '', sources = [], series } = record;
  const parts = [...sources]
    .sort((one, other) => Date.parse(one.firstSeenAt) - Date.parse(other.firstSeenAt))
    .flatMap((source) => [
      element('h3', {}, headOf(source)),
      element(
        'ol',
        { class: 'story' },
        ...eventsOf(source, delaySeconds).map((text) => element('li', {}, text)),
      ),
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

function eventsOf(source: StoredSource, delaySeconds?: number): readonly string[] {
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
    return [first, ...again, ...(isOver ? [] : waitOf(source, delaySeconds)), fate];
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

/** When the next attempt passes: by the time that was given at the first one, or by the delay of now. */
function waitOf({ firstSeenAt, acceptAt }: StoredSource, delaySeconds?: number): readonly string[] {
  if (acceptAt === undefined && delaySeconds === undefined) return [];
  const at =
    acceptAt === undefined
      ? Date.parse(firstSeenAt) + (delaySeconds ?? 0) * 1000
      : Date.parse(acceptAt);
  const what = at > Date.now() ? 'its wait is over' : 'its wait was over: its next attempt passes';
  const terms =
    acceptAt === undefined
      ? `greylist.delay of ${formatDuration(delaySeconds ?? 0)}, unless a rule says another`
      : 'as it was told at first';
  return [`${formatTime(new Date(at).toISOString())}: ${what} (${terms})`];
}
