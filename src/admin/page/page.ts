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

/** What a token consists of (RFC 6750 section 2.1). */
const SENDABLE = /^[\w.~+/-]+=*$/;

let state: PageState | undefined;
let isAsking = false;
const dueAt = { overview: 0, health: 0 };

/**
 * Asks for what is due; nothing while nobody looks, and never twice at a time. While a token is being
 * typed there is nobody to ask as, and an answer to that must not take away what was typed.
 */
async function refresh(): Promise<void> {
  if (document.hidden || isAsking || isTokenAsked()) return;
  isAsking = true;
  try {
    const isFirst = state === undefined;
    state = await ask('page');
    const now = performance.now();
    if (now >= dueAt.overview) {
      await showOverview(state);
      dueAt.overview = now + chosenRange().everyMs;
    }
    if (isFirst) await Promise.all([search(state), showExceptions(state.mayWrite)]);
    if (now >= dueAt.health) {
      await Promise.all([showHealth(), showRules()]);
      dueAt.health = now + HEALTH_MS;
    }
    showBanners(state);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 401) askForToken(token.get() !== null);
    else showBanners(state, explain(error));
  } finally {
    isAsking = false;
  }
}

function isTokenAsked(): boolean {
  return byId('dialog', HTMLDialogElement).open && document.getElementById('token') !== null;
}

/** @param wasRefused whether there was one that is of no use */
function askForToken(wasRefused: boolean): void {
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
    closeDialog();
    const value = input.value.trim();
    // What no header may have would look as if the filter were gone.
    if (!SENDABLE.test(value)) {
      askForToken(true);
      return;
    }
    token.set(value);
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
prepareRecords(() => state ?? {});
const again = button('Count now', () => {
  dueAt.health = 0;
  void refresh();
});
document.querySelector('#health .section-head')?.append(again);
setInterval(() => void refresh(), STATE_MS);
void refresh();
