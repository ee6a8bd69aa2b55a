import { ask, change } from './api.js';
import { button, byId, element, table } from './dom.js';
import { formatTime } from './format.js';
import { attempt, notice } from './notices.js';

/** Shows the exceptions that were made by hand. */
export async function showExceptions(mayWrite: boolean): Promise<void> {
  const { exceptions } = await ask('exceptions');
  const place = byId('exception-list', HTMLDivElement);
  if (exceptions.length === 0) {
    place.replaceChildren(element('p', { class: 'muted' }, 'There are none.'));
    return;
  }
  const rows = exceptions.map(({ id, client, sender, expiresAt }) => {
    const what = [client ?? 'SPF', sender ?? ''].join(' ').trim();
    const remove = button('Remove', () => {
      remove.disabled = true;
      attempt(
        async () => {
          await change('DELETE', `exceptions/${id}`);
          await showExceptions(mayWrite);
          const left = Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000);
          const query = {
            ...(client === undefined ? { spf: 'true' } : { client }),
            ...(sender !== undefined && { sender }),
            'for-seconds': String(Math.max(1, left)),
          };
          notice(`The exception of ${what} is removed.`, async () => {
            await change('POST', 'exceptions', query);
            await showExceptions(mayWrite);
            return `${what} is an exception again.`;
          });
        },
        () => (remove.disabled = false),
      );
    });
    remove.setAttribute('aria-label', `Remove the exception of ${what}`);
    const cells = [client ?? 'wherever SPF passes', sender ?? 'everybody', formatTime(expiresAt)];
    return mayWrite ? [...cells, remove] : cells;
  });
  const heads = ['Client', 'Sender', 'Until', ...(mayWrite ? ['Action'] : [])];
  place.replaceChildren(table('Exceptions by hand', heads, rows));
}
