import { ask, RefusedError, token, type PageState } from './api.js';
import { showBanners } from './banners.js';
import { closeDialog, openDialog } from './dialog.js';
import { button, byId, element } from './dom.js';
import { showExceptions } from './exceptions.js';
import { showHealth, showRules } from './health.js';
import { explain } from './notices.js';
import { chosenRange, showOverview } from './overview.js';
import { prepareRecords, search } from './records.js';

/** What the page shows of itself costs the filter next to nothing and is asked for so often. */
const STATE_MS = 15_000;

/** To count what is stored the filter reads all of it. */
const HEALTH_MS = 600_000;

let state: PageState | undefined;
let isAsking = false;
const dueAt = { overview: 0, health: 0 };

/** Asks for what is due; nothing while nobody looks, and never twice at a time. */
async function refresh(): Promise<void> {
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    const isFirst = state === undefined;
    state = await ask('page');
    const now = performance.now();
    if (now >= dueAt.overview) {
      await showOverview(state);
      dueAt.overview = now + chosenRange().everyMs;
    }
    if (isFirst) await Promise.all([search(state.mayWrite), showExceptions(state.mayWrite)]);
    if (now >= dueAt.health) {
      await Promise.all([showHealth(), showRules()]);
      dueAt.health = now + HEALTH_MS;
    }
    showBanners(state);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 401) askForToken();
    else showBanners(state, explain(error));
  } finally {
    isAsking = false;
  }
}

function askForToken(): void {
  const wasRefused = token.get() !== null;
  token.forget();
  if (byId('dialog', HTMLDialogElement).open) return;
  const attributes = { type: 'password', id: 'token', autocomplete: 'off', required: '' };
  const input = element('input', { attributes });
  const submit = element('button', { class: 'main', attributes: { type: 'submit' } }, 'Go on');
  const form = element(
    'form',
    {},
    element(
      'p',
      { class: 'muted' },
      wasRefused
        ? 'The filter has refused that token.'
        : 'It stands in the file that http.token-file names, and is kept until this tab is closed.',
    ),
    element('label', { attributes: { for: 'token' } }, 'Token'),
    input,
    ' ',
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    token.set(input.value.trim());
    closeDialog();
    void refresh();
  });
  openDialog('A token is needed', [form]);
  input.focus();
}

for (const choice of document.querySelectorAll('input[name=range]')) {
  choice.addEventListener('change', () => {
    dueAt.overview = 0;
    void refresh();
  });
}
document.addEventListener('visibilitychange', () => void refresh());
prepareRecords(() => state?.mayWrite ?? false);
const again = button('Count now', () => {
  dueAt.health = 0;
  void refresh();
});
document.querySelector('#health .section-head')?.append(again);
setInterval(() => void refresh(), STATE_MS);
void refresh();
