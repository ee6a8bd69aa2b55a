import type { PageState } from './api.js';
import { byId, element } from './dom.js';
import { formatDuration, formatTime } from './format.js';

const trials: Readonly<Record<string, string>> = {
  learn: 'Learning: nobody is put off, and who comes now is known from then on.',
  shadow: 'Shadow mode: it is decided and counted, but nobody is put off.',
};

/** What somebody must know before all else: that it is learning, or failing open, or cannot be asked. */
export function showBanners(state: PageState | undefined, problem?: string): void {
  const bad = [
    ...(problem === undefined ? [] : [`What is shown may be old: ${problem}.`]),
    // The mode has a banner of its own.
    ...(state?.impairments ?? [])
      .filter(({ cause }) => cause !== state?.mode)
      .map(
        ({ text, since }) =>
          `Impaired${since === undefined ? '' : ` since ${formatTime(since)}`}: ${text}.`,
      ),
  ];
  const trial = state === undefined ? undefined : trials[state.mode];
  const banners = [
    ...bad.map((text) => element('p', { class: 'banner bad' }, text)),
    ...(trial === undefined ? [] : [element('p', { class: 'banner warn' }, trial)]),
  ];
  const place = byId('banners', HTMLDivElement);
  const isSame = place.textContent === banners.map(({ textContent }) => textContent).join('');
  // A screen reader says it again when it is made anew.
  if (!isSame) place.replaceChildren(...banners);
  if (state === undefined) return;
  const writes = state.mayWrite ? '' : ', read-only';
  byId('summary', HTMLParagraphElement).textContent =
    `${state.version}, delay ${formatDuration(state.delaySeconds)}, mode ${state.mode}${writes}`;
}
