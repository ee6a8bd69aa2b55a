import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** The admin interface of a filter. */
export interface Admin {
  readonly socketPath: string;
}

/** What keeps a filter busy: called until the load is over. */
export type Activity = (admin: Admin) => Promise<unknown>;

/** Asks, and reads the answer to its end. */
export async function ask(
  { socketPath }: Admin,
  path: string,
  sent?: { readonly type: string; readonly body: string },
): Promise<string> {
  const method = sent === undefined ? 'GET' : 'POST';
  const headers = { host: 'localhost', ...(sent && { 'content-type': sent.type }) };
  const answer = await new Promise<Parameters<typeof text>[0]>((resolve, reject) => {
    const outgoing = request({ socketPath, path, method, headers }, (incoming) => {
      if (incoming.statusCode === 200) resolve(incoming);
      else reject(new Error(`${path} was answered ${incoming.statusCode ?? 0}`));
    });
    outgoing.once('error', reject).end(sent?.body);
  });
  return await text(answer);
}

const asJson = (body: string) => ({ type: 'application/json', body });

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
    await ask(admin, '/v1/import', { type: 'application/x-ndjson', body });
  };
}

/** What may go on beside mail, by name. */
export const activities: Readonly<Record<string, () => Activity>> = {
  nothing: () => () => pause(100),
  'page and metrics, each second': () => async (admin) => {
    await look(admin);
    await pause(1000);
  },
  'backup over and over': () => (admin) => ask(admin, '/v1/export'),
  'sorted list over and over': () => listSorted,
  'import of 20,000 over and over': importing,
  'compact over and over': () => (admin) => ask(admin, '/v1/compact', asJson('')),
  'reload, twice a second': () => async (admin) => {
    await ask(admin, '/v1/reload', asJson(''));
    await pause(500);
  },
};
