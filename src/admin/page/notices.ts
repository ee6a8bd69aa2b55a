import { RefusedError } from './api.js';
import { button, byId, element } from './dom.js';

/** Long enough to read it, and to find out that it was a mistake. */
const SHOWN_MS = 60_000;

/** Says what was done, with a way back. */
export function notice(text: string, undo?: () => Promise<string>): void {
  const shown = element('div', { class: 'notice' }, element('span', {}, text));
  const close = (): void => shown.remove();
  if (undo !== undefined) {
    const back = button('Undo', () => {
      back.disabled = true;
      attempt(
        async () => {
          const done = await undo();
          close();
          notice(done);
        },
        () => (back.disabled = false),
      );
    });
    shown.append(back);
  }
  const attributes = { type: 'button', 'aria-label': 'Close this message' };
  shown.append(element('button', { attributes, onClick: close }, '×'));
  byId('notices', HTMLDivElement).append(shown);
  setTimeout(close, SHOWN_MS);
}

/** Does something, and says so if it fails. */
export function attempt(action: () => Promise<void>, onFailed?: () => void): void {
  action().catch((error: unknown) => {
    fail(error);
    onFailed?.();
  });
}

function fail(error: unknown): void {
  const text = element('span', {}, `That has failed: ${explain(error)}`);
  const shown = element('div', { class: 'notice bad', attributes: { role: 'alert' } }, text);
  const attributes = { type: 'button', 'aria-label': 'Close this message' };
  shown.append(element('button', { attributes, onClick: () => shown.remove() }, '×'));
  byId('notices', HTMLDivElement).append(shown);
}

/** An error in words. */
export function explain(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof TypeError) return 'the filter cannot be reached';
  return error instanceof Error ? error.message : String(error);
}
