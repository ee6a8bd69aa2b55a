import type { ReloadReport, ShownImpairment } from '../../admin/status.js';
import type { Config } from '../../config/schema.js';
import { formatDuration } from '../../config/duration.js';
import type { Clock, ClockDoubt } from '../process/clock.js';
import type { DaemonCounts } from './daemon-counts.js';

/** What is followed at once is no jump. */
const HOUR_MS = 3_600_000;

/** From what it is told that the filter is not, or does not do, what it should. */
export interface ImpairmentSources {
  readonly counts: Pick<DaemonCounts, 'impairments' | 'learning' | 'damage'>;
  readonly config: Config;
  readonly lastReload: ReloadReport | undefined;
  readonly clock: Pick<Clock, 'doubt'>;
}

/**
 * All that everybody who looks should see first: what keeps mail from being judged, a damaged store, a
 * configuration that was not taken over, a clock that is not believed, and a mode in which nobody is put off.
 */
export function showImpairments({
  counts,
  config,
  lastReload,
  clock,
}: ImpairmentSources): readonly ShownImpairment[] {
  const shown: ShownImpairment[] = counts.impairments.all
    .filter(({ isOn }) => isOn)
    .map(({ cause, briefly, since }) => ({ cause, text: briefly, since }));
  const { since } = counts.damage;
  if (since !== undefined) {
    const text = 'the store is damaged, "greymilter repair" keeps what is sound';
    shown.push({ cause: 'store-damaged', text, since });
  }
  if (lastReload?.ok === false) {
    const text = 'the last reload failed, the configuration before it is in force';
    shown.push({ cause: 'reload-failed', text, since: lastReload.at });
  }
  if (clock.doubt !== undefined) shown.push(showDoubt(clock.doubt));
  const { mode } = config.greylist;
  if (mode !== 'enforce') {
    const enough = mode === 'learn' && counts.learning.read()?.isEnough === true;
    const text = `mode ${mode}: nobody is put off${enough ? ', and enough is known to enforce' : ''}`;
    shown.push({ cause: mode, text });
  }
  return shown;
}

function showDoubt({ driftMs, since }: ClockDoubt): ShownImpairment {
  const far = formatDuration(Math.round(Math.abs(driftMs) / HOUR_MS) * HOUR_MS);
  const text = `the clock has jumped ${driftMs < 0 ? 'back' : 'ahead'} by ${far}, see that it is right: time goes on without that`;
  return { cause: 'clock', text, since: new Date(since).toISOString() };
}
