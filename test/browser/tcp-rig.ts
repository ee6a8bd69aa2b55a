import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';

import { createTempDirectory } from '../support/temp-directory.js';
import { startRig, watchPage, type BrowserRig } from './browser-rig.js';
import { storeMails } from './sample-store.js';

/** A token for all, and one for reading. */
export const ADMIN = 'admin-0123456789-abcdefghij';
export const READER = 'reader-0123456789-abcdefghij';

/** What Chromium writes to its console about an answer without success. */
export const REFUSED = /^Failed to load resource: the server responded with a status of 401/;

/** A page that needs a token. */
export interface TcpSite extends BrowserRig {
  readonly tokenFile: string;
}

/** Starts a filter whose page is there over TCP, and where two mails wait. */
export async function startOverTcp(
  t: TestContext,
  browser: Browser,
  settings: readonly string[] = [],
): Promise<TcpSite> {
  const tokenFile = join(createTempDirectory(t), 'tokens');
  writeTokens(tokenFile, ADMIN);
  const overrides = ['listen.http=inet:0@127.0.0.1', `http.token-file=${tokenFile}`, ...settings];
  const fill: Parameters<typeof startRig>[1] = async (store, now) => {
    const waiting = { recipient: 'ann@example.org', client: '192.0.2.17', minutesAgo: 2 };
    await storeMails(
      store,
      ['news@shop.example', 'bill@bank.example'].map((sender) => ({ ...waiting, sender })),
      now,
    );
  };
  const rig = await startRig(t, fill, { overrides, browser });
  return { ...rig, tokenFile };
}

/** Whose tokens there are: one of an administrator, and one for reading. */
export function writeTokens(file: string, admin: string): void {
  writeFileSync(file, `admin ${admin}\nreader ${READER} read\n`, { mode: 0o600 });
}

/** Opens the page, which shows nothing without a token. */
export async function open(
  { url }: Pick<BrowserRig, 'url'>,
  context: BrowserContext,
): ReturnType<typeof watchPage> {
  const watched = await watchPage(context, url);
  await watched.page.goto(url);
  return watched;
}

/** What a browser keeps together; ends with the test. */
export async function contextOf(
  t: TestContext,
  site: BrowserRig,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await site.browser.newContext(options);
  t.after(() => context.close());
  return context;
}

/** Types a token. */
export async function enter(page: Page, token: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Token' }).fill(token);
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** The row of a mail. */
export function entryOf(page: Page, text: string): Locator {
  return page.locator('#records .entry').filter({ hasText: text });
}

/** Waits for a text. */
export async function hasText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** What the filter has logged of requests that would change something. */
export function audits({ daemon }: BrowserRig): readonly string[] {
  return daemon.logger.entries
    .filter(({ message }) => message === 'admin request')
    .map(({ fields }) => {
      const { by, peer, what, status } = fields;
      return [by, peer, String(what).replace(/\?.*|(?<=records\/)[\w-]+/g, ''), status].join(' ');
    });
}

/** How many wait, as the filter says. */
export async function waiting({ url }: BrowserRig): Promise<number> {
  let [found, next] = [0, ''];
  do {
    const query = new URLSearchParams({ state: 'pending', ...(next !== '' && { cursor: next }) });
    const headers = { authorization: `Bearer ${ADMIN}` };
    const answer = await fetch(`${url}v1/records?${query.toString()}`, { headers });
    // What the filter answers: a page of it may be empty though others are not.
    const page = (await answer.json()) as { readonly records: readonly object[]; next?: string };
    found += page.records.length;
    next = page.next ?? '';
  } while (next !== '');
  return found;
}
