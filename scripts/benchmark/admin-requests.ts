import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { formatHeader, formatRecord } from '../../src/migrate/json-lines.js';
import { filling } from '../scale/filling.js';

/** The admin interface of a filter. */
export interface Admin {
  readonly socketPath: string;
  /** The file that it is configured by, which may be changed. */
  readonly config: string;
}

/** What keeps a filter busy: called until the load is over, when the signal ends what is under way. */
export type Activity = (admin: Admin, over: AbortSignal) => Promise<unknown>;

/** What is sent with a question. */
interface Sent {
  readonly type: string;
  readonly body: string | Readable;
}

/** Asks, and reads the answer to its end. */
export async function ask(
  { socketPath }: Admin,
  path: string,
  { sent, over }: { readonly sent?: Sent; readonly over?: AbortSignal } = {},
): Promise<string> {
  const method = sent === undefined ? 'GET' : 'POST';
  const headers = { host: 'localhost', ...(sent && { 'content-type': sent.type }) };
  const signal = over === undefined ? {} : { signal: over };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ socketPath, path, method, headers, ...signal }, (incoming) => {
      if (incoming.statusCode === 200) resolve(incoming);
      else reject(new Error(`${path} was answered ${incoming.statusCode ?? 0}`));
    });
    outgoing.once('error', reject);
    if (sent?.body instanceof Readable) sent.body.pipe(outgoing);
    else outgoing.end(sent?.body);
  });
  return await text(answer);
}

const nothingSent = { sent: { type: 'application/json', body: '' } };

/** The first thousand of all records in an order, as `list --sort` asks for them. */
async function listSorted(admin: Admin): Promise<void> {
  let cursor = '';
  do {
    const page = await ask(admin, `/v1/records?sort=first&limit=1000${cursor}`);
    const [, next] = /"next":"([^"]*)"/.exec(page) ?? [];
    cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
  } while (cursor !== '');
}

/** What the page asks every fifteen seconds, and a scrape. */
export async function look(admin: Admin): Promise<void> {
  await ask(admin, '/v1/status');
  await ask(admin, '/v1/statistics?last-seconds=86400');
  await ask(admin, '/v1/records?kind=triplet&state=pending&limit=50');
  await ask(admin, '/metrics');
}

/** Numbers of triplets that nothing else has, and how many of them are in an import. */
const firstImported = 200_000_000;
const importedTogether = 1_000_000;

/** Takes so many records in that the filter does not know. */
function importing(): Activity {
  const records = 20_000;
  let round = 0;
  return async (admin) => {
    round += 1;
    const lines = ['{"format":"greymilter","version":1,"exportedAt":"2026-01-01T00:00:00Z"}'];
    const at = new Date().toISOString();
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    for (let index = 0; index < records; index++) {
      const sender = `user${index}@import${round}.example`;
      lines.push(
        JSON.stringify({
          kind: 'reply',
          sender,
          recipient: 'a@local.example',
          writtenAt: at,
          expiresAt,
        }),
      );
    }
    const body = `${lines.join('\n')}\n`;
    await ask(admin, '/v1/import', { sent: { type: 'application/x-ndjson', body } });
  };
}

/** Takes a million triplets in that the filter does not know, and then a million others. */
export function importMillion(): Activity {
  let next = firstImported;
  return async (admin, over) => {
    const first = next;
    next += importedTogether;
    const body = Readable.from(exported(first, importedTogether), { objectMode: false });
    await ask(admin, '/v1/import', { sent: { type: 'application/x-ndjson', body }, over });
  };
}

/** An export of so many triplets, in pieces. */
function* exported(first: number, count: number): Generator<string, void, undefined> {
  const now = Date.now();
  yield formatHeader('1', now);
  for (let from = first; from < first + count; from += 1000) {
    const size = Math.min(1000, first + count - from);
    yield Array.from({ length: size }, (_, at) => formatRecord(filling(from + at, now))).join('');
  }
}

/** A browser with the page open: what it asks now and then, and decisions while they are made. */
export function openPage(): Activity {
  return async (admin, over) => {
    const watching = ask(admin, '/v1/decisions', { over });
    watching.catch(() => undefined);
    while (!over.aborted) {
      await ask(admin, '/v1/page');
      await look(admin);
      await pause(1000);
    }
    await watching;
  };
}

/** What may go on beside mail, by name. */
export const activities: Readonly<Record<string, () => Activity>> = {
  nothing: () => () => pause(100),
  'page and metrics, each second': () => async (admin) => {
    await look(admin);
    await pause(1000);
  },
  'backup over and over': () => (admin, over) => ask(admin, '/v1/export', { over }),
  'sorted list over and over': () => listSorted,
  'import of 20,000 over and over': importing,
  'compact over and over': () => (admin) => ask(admin, '/v1/compact', nothingSent),
  'reload of 100,000 senders, each two seconds': reloading,
};

/** Gives the filter a long list, of which no mail has anything, and has it read again and again. */
function reloading(): Activity {
  let isListed = false;
  return async (admin) => {
    if (!isListed) writeLongList(admin.config);
    isListed = true;
    await ask(admin, '/v1/reload', nothingSent);
    await pause(2000);
  };
}

function writeLongList(config: string): void {
  const file = `${config}.senders`;
  const senders = Array.from(
    { length: 100_000 },
    (_, at) => `list${at}@site${at % 5000}.example\n`,
  );
  writeFileSync(file, senders.join(''));
  const rule = '{when: {sender: [list:long]}, then: greylist}';
  writeFileSync(config, `lists: {long: {senders: [{file: '${file}'}]}}\nrules: [${rule}]\n`);
}

/** How many records a filter has let expire since its start. */
export async function expiredRecords(admin: Admin): Promise<number> {
  const metrics = await ask(admin, '/metrics');
  const [, expired = '0'] = /^greymilter_store_expired_records\S* (\d+)$/m.exec(metrics) ?? [];
  return Number(expired);
}
