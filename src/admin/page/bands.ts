import type { StatisticsBand } from '../../greylist/statistics.js';

/** What each band is called, from the bottom of the picture to its top. */
export const bands: readonly { readonly key: StatisticsBand; readonly text: string }[] = [
  { key: 'put-off', text: 'put off for the first time' },
  { key: 'early', text: 'came back too early' },
  { key: 'passed', text: 'passed after the wait' },
  { key: 'known', text: 'known' },
  { key: 'exempt', text: 'not greylisted' },
  { key: 'refused', text: 'refused by a rule' },
  { key: 'impaired', text: 'not judged: store, overload, error' },
];
