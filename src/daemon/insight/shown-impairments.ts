import type { ReloadReport, ShownImpairment } from '../../admin/status.js';
import type { Config } from '../../config/schema.js';
import type { DaemonCounts } from './daemon-counts.js';

/** From what it is told that the filter is not, or does not do, what it should. */
export interface ImpairmentSources {
  readonly counts: Pick<DaemonCounts, 'impairments' | 'learning' | 'damage'>;
  readonly config: Config;
  readonly lastReload: ReloadReport | undefined;
}

/**
 * All that everybody who looks should see first: what keeps mail from being judged, a damaged store, a
 * configuration that was not taken over, and a mode in which nobody is put off.
 */
export function showImpairments({
  counts,
  config,
  lastReload,
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
  const { mode } = config.greylist;
  if (mode !== 'enforce') {
    const enough = mode === 'learn' && counts.learning.read()?.isEnough === true;
    const text = `mode ${mode}: nobody is put off${enough ? ', and enough is known to enforce' : ''}`;
    shown.push({ cause: mode, text });
  }
  return shown;
}
