import { ask, type PageState, type StoredRecord, type StoredSource } from './api.js';
import { always } from './always-pass.js';
import { button, byId, element } from './dom.js';
import { formatAddress, formatDuration } from './format.js';
import { letPass } from './let-pass.js';
import { attempt } from './notices.js';
import { tellStory } from './story.js';

/** Rows that one question brings. */
const ROWS = 50;

/** A large store is searched part by part; after so many parts somebody may want to go on or not. */
const PARTS = 6;

let cursor: string | undefined;
let running = 0;
let rows = 0;

/** What a row depends on beside its record; nothing, as long as the filter has not answered. */
type Terms = Partial<Pick<PageState, 'mayWrite' | 'delaySeconds'>>;

/** Makes the search work. @param terms asked when rows are made */
export function prepareRecords(terms: () => Terms): void {
  byId('search', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => await search(terms()));
  });
  byId('more', HTMLButtonElement).addEventListener('click', () => {
    attempt(async () => await read(terms(), ++running));
  });
}

/** Shows what the form asks for, from the start. */
export async function search(terms: Terms): Promise<void> {
  cursor = undefined;
  rows = 0;
  byId('records', HTMLDivElement).replaceChildren(element('ul', { class: 'entries' }));
  await read(terms, ++running);
}

async function read(terms: Terms, mine: number): Promise<void> {
  const more = byId('more', HTMLButtonElement);
  more.disabled = true;
  say('Searching …');
  const begun = rows;
  for (let part = 0; part < PARTS && rows - begun < ROWS; part++) {
    const page = await ask('records', questionOf(ROWS - (rows - begun)));
    // A newer search has begun.
    if (mine !== running) return;
    for (const record of page.records) showRecord(record, terms);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  more.disabled = false;
  more.hidden = cursor === undefined;
  say(
    cursor !== undefined
      ? `${rows} shown; there may be more.`
      : rows === 0
        ? 'Nothing is stored of that.'
        : `${rows} shown, that is all.`,
  );
}

function say(text: string): void {
  byId('pending-state', HTMLParagraphElement).textContent = text;
}

function questionOf(limit: number): Readonly<Record<string, string>> {
  const state = byId('search-state', HTMLSelectElement).value;
  const field = byId('search-field', HTMLSelectElement).value;
  const text = byId('search-text', HTMLInputElement).value.trim();
  return {
    limit: String(limit),
    ...(state !== '' && { state }),
    ...(text !== '' && { [field]: text }),
    ...(cursor !== undefined && { cursor }),
  };
}

function showRecord(record: StoredRecord, terms: Terms): void {
  const list = document.querySelector('#records ul');
  const wanted = byId('search-state', HTMLSelectElement).value;
  for (const source of record.sources ?? []) {
    const state = stateOf(source);
    if (wanted !== '' && state !== wanted) continue;
    list?.append(rowOf(record, source, { state, ...terms }));
    rows += 1;
  }
}

/** Where a client of a record stands. */
export function stateOf({ expiresAt, passedAt }: StoredSource): 'pending' | 'passed' | 'ended' {
  if (Date.parse(expiresAt) <= Date.now()) return 'ended';
  return passedAt === undefined ? 'pending' : 'passed';
}

function rowOf(
  record: StoredRecord,
  source: StoredSource,
  { state, mayWrite, delaySeconds }: Terms & { readonly state: string },
): HTMLElement {
  const sender = formatAddress(record.sender ?? '');
  const recipient = record.recipient ?? '';
  const who = element(
    'div',
    { class: 'who' },
    element('strong', {}, sender),
    element('br', {}),
    `to ${recipient}`,
  );
  const ago = formatDuration((Date.now() - Date.parse(source.firstSeenAt)) / 1000);
  const tries = source.attempts === 1 ? '1 attempt' : `${source.attempts} attempts`;
  const client = element(
    'div',
    { class: 'who' },
    element('span', { class: 'mono' }, source.address),
    source.name === undefined ? '' : ` ${source.name}`,
    element('br', {}),
    element('span', { class: 'muted' }, `${state}, first ${ago} ago, ${tries}`),
  );
  const row = element('li', { class: 'card entry' }, who, client);
  const actions = element('div', { class: 'actions' });
  actions.append(button('Story', () => tellStory(record, delaySeconds)));
  if (mayWrite === true && state === 'pending') {
    actions.append(button('Let it pass', () => letPass(record, source, row)));
  }
  if (mayWrite === true) actions.append(button('Always let pass …', () => always(record, source)));
  row.append(actions);
  return row;
}
