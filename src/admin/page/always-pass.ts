import { change, type StoredRecord, type StoredSource } from './api.js';
import { closeDialog, openDialog } from './dialog.js';
import { button, element } from './dom.js';
import { showExceptions } from './exceptions.js';
import { formatAddress, formatTime } from './format.js';
import { attempt, notice } from './notices.js';

const DAY_SECONDS = 86_400;

/** In the place of a client. */
const BY_SPF = 'spf';

/** Asks how far an exception for a sender is to reach, and makes it. A sender alone is never enough: anybody can write one. */
export function always(record: StoredRecord, source: StoredSource): void {
  const sender = record.sender ?? '';
  const domain = sender.slice(sender.lastIndexOf('@'));
  const senders = [
    { value: sender === '' ? '<>' : sender, text: formatAddress(sender) },
    ...(sender.includes('@') ? [{ value: domain, text: `all of ${domain}` }] : []),
  ];
  const network = `${source.address}/${source.prefix}`;
  const clients = [
    { value: network, text: `its network ${network}` },
    { value: source.address, text: `only ${source.address}` },
    ...(sender.includes('@') ? [{ value: BY_SPF, text: 'wherever its SPF passes' }] : []),
  ];
  const times = [
    { value: '36', text: '36 days' },
    { value: '366', text: 'a year' },
  ];
  const form = element('form', {});
  form.append(
    choice('sender', 'Mail of', senders),
    choice('client', 'from', clients),
    choice('days', 'for', times),
    element(
      'p',
      { class: 'muted' },
      'Mail of this sender from elsewhere still waits: a sender is easily forged. What rules refuse is refused all the same.',
    ),
  );
  const make = button(
    'Always let it pass',
    () => {
      make.disabled = true;
      attempt(
        async () => await add(new FormData(form)),
        () => (make.disabled = false),
      );
    },
    'main',
  );
  form.addEventListener('submit', (event) => event.preventDefault());
  openDialog('Always let this sender pass', [form], [make]);
}

async function add(chosen: FormData): Promise<void> {
  const textOf = (name: string): string => {
    const value = chosen.get(name);
    return typeof value === 'string' ? value : '';
  };
  const [sender, client] = [textOf('sender'), textOf('client')];
  const seconds = String(Number(textOf('days')) * DAY_SECONDS);
  const isBySpf = client === BY_SPF;
  const source = isBySpf ? { spf: 'true' } : { client };
  const made = await change('POST', 'exceptions', { ...source, sender, 'for-seconds': seconds });
  // The exception as it was stored.
  const { id, expiresAt } = made as { readonly id: string; readonly expiresAt: string };
  closeDialog();
  await showExceptions(true);
  const what = `Mail of ${sender} from ${isBySpf ? 'wherever its SPF passes,' : client}`;
  notice(`${what} passes until ${formatTime(expiresAt)}.`, async () => {
    await change('DELETE', `exceptions/${id}`);
    await showExceptions(true);
    return `${what} is no exception any more.`;
  });
}

function choice(
  name: string,
  legend: string,
  options: readonly { readonly value: string; readonly text: string }[],
): HTMLFieldSetElement {
  const labels = options.map(({ value, text }, index) => {
    const attributes = { type: 'radio', name, value, ...(index === 0 && { checked: '' }) };
    return element('label', {}, element('input', { attributes }), ` ${text}`);
  });
  return element('fieldset', {}, element('legend', {}, legend), ...labels);
}
