import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';

import { openSession, sendMail } from '../system/smtp-session.js';
import { findBarriers, openPage, startRig, type BrowserRig } from './browser-rig.js';
import { storeMails, storeMonth } from './sample-store.js';

const HOSTILE = `"><img/src=x/onerror=alert(1)><script>alert(2)</script>\u202e@evil.example`;

const mails = [
  {
    sender: 'news@shop.example',
    recipient: 'ann@example.org',
    client: '192.0.2.17',
    name: 'out3.shop.example',
    minutesAgo: 2,
  },
  {
    sender: 'billing@bank.example',
    recipient: 'bob@example.org',
    client: '198.51.100.4',
    name: 'mx.bank.example',
    minutesAgo: 14,
    attempts: 3,
  },
  { sender: '', recipient: 'ann@example.org', client: '2001:db8:7::25', minutesAgo: 41 },
  { sender: HOSTILE, recipient: 'info@example.org', client: '203.0.113.99', minutesAgo: 190 },
  {
    sender: 'known@friend.example',
    recipient: 'bob@example.org',
    client: '192.0.2.80',
    minutesAgo: 600,
    attempts: 2,
    passed: true,
  },
  {
    sender: 'learnt@friend.example',
    recipient: 'eve@example.org',
    client: '192.0.2.81',
    minutesAgo: 700,
    passed: 'at once',
  },
] as const;

function entryOf(page: Page, text: string): Locator {
  return page.locator('#records .entry').filter({ hasText: text });
}

async function searchFor(page: Page, field: string, text: string): Promise<void> {
  await page.locator('#search-field').selectOption(field);
  await page.locator('#search-text').fill(text);
  await page.getByRole('button', { name: 'Search' }).click();
}

async function hasText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

describe('the page', () => {
  let rig: BrowserRig;
  const stops: (() => Promise<void>)[] = [];

  before(async () => {
    const cleanUp = { after: (stop: () => Promise<void>) => void stops.unshift(stop) };
    rig = await startRig(cleanUp, async (store, now) => {
      await storeMonth(store, now);
      await storeMails(store, mails, now);
    });
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  for (const [name, look] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
  ] as const) {
    test(`is for everybody, and no wider than the screen: ${name}`, async () => {
      const { page, troubles } = await openPage(rig, look);
      assert.deepEqual(await findBarriers(page), []);
      const width: unknown = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(width, page.viewportSize()?.width);
      // Each band is drawn, in its colour of this theme.
      const colours: unknown = await page.evaluate(drawnColours);
      assert.equal(colours, 6);
      await page.getByRole('button', { name: 'Always let pass …' }).first().click();
      assert.deepEqual(await findBarriers(page), []);
      assert.deepEqual(troubles, []);
      if (name !== 'phone') await page.getByRole('button', { name: 'Close' }).click();
      await page.context().close();
    });
  }

  test('shows the hour, the day and the month', async () => {
    const { page, troubles } = await openPage(rig);
    const total = page.locator('#tiles strong').first();
    const figures: string[] = [];
    for (const [range, steps] of [
      ['Hour', 60],
      ['Month', 900],
      ['Day', 900],
    ] as const) {
      const shown = await total.innerText();
      const answer = page.waitForResponse((response) => response.url().includes('/v1/statistics'));
      await page.getByText(range, { exact: true }).click();
      assert.match(
        (await answer).url(),
        new RegExp(`step-seconds=${range === 'Month' ? 21_600 : steps}`),
      );
      while ((await total.innerText()) === shown) await page.waitForTimeout(50);
      figures.push(await total.innerText());
    }
    const [hour = 0, month = 0, day = 0] = figures.map((text) => Number(text.replace(/\D/g, '')));
    assert.ok(hour < day && day < month, figures.join());
    const legend = await page.locator('#decisions-legend').innerText();
    const bands = [...legend.matchAll(/: ([\d\s]+)/g)].map(([, text = '']) =>
      Number(text.replace(/\D/g, '')),
    );
    assert.equal(
      bands.reduce((sum, count) => sum + count, 0),
      day,
      'the figure above the picture is that of the picture',
    );
    await hasText(page, '#whole-hours', /whole hours, since \d{4}-\d\d-\d\d \d\d:\d\d:00/);
    await hasText(page, '#retries-text', /\d+ came back, .* before the delay of 3 min was over/);
    await hasText(page, '#domains', 'news.example');
    await hasText(page, '#networks', '198.51.0.0/24');
    assert.deepEqual(troubles, []);
    await page.context().close();
  });

  for (const [name, look] of [
    ['page-light', { colorScheme: 'light', viewport: { width: 1180, height: 860 } }],
    ['page-dark', { colorScheme: 'dark', viewport: { width: 1180, height: 860 } }],
    ['page-phone', { colorScheme: 'light', viewport: { width: 390, height: 760 } }],
  ] as const) {
    test(`has its picture in the README: ${name}`, async () => {
      const file = fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
      const { page } = await openPage(rig, look);
      const picture = await page.screenshot();
      await page.context().close();
      // To be looked at before it is committed: UPDATE_PICTURES=1 scripts/test test/browser/page.test.ts
      if (process.env['UPDATE_PICTURES'] !== undefined) writeFileSync(file, picture);
      const kept = readFileSync(file);
      // Its width and height, and a size that a reader does not notice.
      assert.deepEqual(kept.subarray(16, 24), picture.subarray(16, 24));
      assert.ok(kept.length < 150_000, `${kept.length} bytes`);
    });
  }

  test('can be used by the keyboard alone', async () => {
    const { page } = await openPage(rig);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.value'), 'day');
    const answer = page.waitForResponse((response) => response.url().includes('last-seconds=3600'));
    await page.keyboard.press('ArrowLeft');
    await answer;
    const story = page.getByRole('button', { name: 'Story' }).first();
    await story.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Story');
    await page.context().close();
  });

  test('shows what senders have written as it is, and runs none of it', async () => {
    const { page, troubles } = await openPage(rig);
    await searchFor(page, 'sender', '@evil.example');
    await hasText(page, '#pending-state', '1 shown, that is all');
    const entry = entryOf(page, 'evil.example');
    assert.equal(await entry.locator('strong').innerText(), HOSTILE);
    await entry.getByRole('button', { name: 'Story' }).click();
    await hasText(page, '#dialog h2', 'evil.example');
    await page.getByRole('button', { name: 'Close' }).click();
    await entry.getByRole('button', { name: 'Always' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Always let it pass' }).click();
    await hasText(page, '#exception-list', 'evil.example');
    await hasText(page, '.notice', 'evil.example');
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await hasText(page, '#exception-list', 'There are none');
    assert.equal(await page.locator('img').count(), 1);
    assert.deepEqual(troubles, []);
    await page.context().close();
  });

  test('finds by sender, recipient, client and state, and says why it does not', async () => {
    const { page, troubles } = await openPage(rig);
    await searchFor(page, 'recipient', 'bob@example.org');
    await hasText(page, '#pending-state', '1 shown');
    await entryOf(page, 'billing@bank.example').getByRole('button', { name: 'Story' }).click();
    await hasText(page, '#dialog li', 'its wait was over: its next attempt passes (greylist.delay');
    await page.getByRole('button', { name: 'Close' }).click();
    await searchFor(page, 'client', '2001:db8:7::/48');
    await entryOf(page, '<>').waitFor();
    await page.locator('#search-state').selectOption('passed');
    await searchFor(page, 'sender', '@friend.example');
    await entryOf(page, 'known@friend.example').waitFor();
    await entryOf(page, 'known').getByRole('button', { name: 'Story' }).click();
    await hasText(page, '#dialog li', 'passed, 5 min later');
    await page.getByRole('button', { name: 'Close' }).click();
    await entryOf(page, 'learnt').getByRole('button', { name: 'Story' }).click();
    await hasText(page, '#dialog li', 'first attempt, let through');
    assert.equal(await page.locator('#dialog li').filter({ hasText: 'put off' }).count(), 0);
    await page.getByRole('button', { name: 'Close' }).click();
    await searchFor(page, 'sender', 'nobody@nowhere.example');
    await hasText(page, '#pending-state', 'Nothing is stored of that');
    assert.deepEqual(troubles, []);
    await searchFor(page, 'client', 'no network');
    await hasText(page, '.notice.bad', '"no network" is no address and no network');
    await page.context().close();
  });

  test('lets a mail pass, and has it wait again', async () => {
    const { page, troubles } = await openPage(rig);
    const entry = entryOf(page, 'billing@bank.example');
    await entry.getByRole('button', { name: 'Let it pass' }).click();
    await hasText(page, '.notice', 'passes when it comes next');
    await entry.waitFor({ state: 'detached' });
    const mail = { from: 'billing@bank.example', to: ['bob@example.org'] };
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await hasText(page, '.notice', 'waits again');
    await page.getByRole('button', { name: 'Search' }).click();
    await hasText(page, '#records .entry', '3 attempts');
    await entry.getByRole('button', { name: 'Let it pass' }).click();
    await entry.waitFor({ state: 'detached' });
    const undo = page.locator('.notice').last().getByRole('button', { name: 'Undo' });
    const peer = await rig.daemon.connect();
    await openSession(peer, { address: '198.51.100.4' });
    rig.daemon.takeDecisions();
    await sendMail(peer, mail);
    await peer.quit();
    assert.deepEqual(rig.daemon.takeDecisions(), ['accept greylist-known <bob@example.org>']);
    assert.deepEqual(troubles, []);
    // Somebody else is faster than the way back.
    const found = await fetch(`${rig.url}v1/records?sender=billing@bank.example`);
    // What the filter answers.
    const { records } = (await found.json()) as { readonly records: readonly { id: string }[] };
    await fetch(`${rig.url}v1/records/${records[0]?.id ?? ''}`, { method: 'DELETE' });
    await undo.click();
    await hasText(page, '.notice.bad', 'the record was deleted meanwhile, and stays so');
    await page.context().close();
  });

  test('always lets a sender pass from a network, until that is undone', async () => {
    const { page, troubles } = await openPage(rig);
    await entryOf(page, 'news@shop.example').getByRole('button', { name: 'Always' }).click();
    await page.getByLabel('all of @shop.example').check();
    await page.getByRole('button', { name: 'Always let it pass' }).click();
    await hasText(page, '.notice', '@shop.example from 192.0.2.17/24 passes until');
    const row = page.locator('#exception-list tr').filter({ hasText: '@shop.example' });
    await row.filter({ hasText: '192.0.2.0/24' }).waitFor();
    const peer = await rig.daemon.connect();
    await openSession(peer, { address: '192.0.2.200' });
    rig.daemon.takeDecisions();
    await sendMail(peer, { from: 'other@shop.example', to: ['ann@example.org'] });
    await peer.quit();
    assert.deepEqual(rig.daemon.takeDecisions(), ['accept client-autowhite <ann@example.org>']);
    await row.getByRole('button', { name: 'Remove' }).click();
    await hasText(page, '#exception-list', 'There are none');
    await page.locator('.notice').last().getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await hasText(page, '#exception-list', 'There are none');
    assert.deepEqual(troubles, []);
    await page.context().close();
  });

  test('always lets a sender pass from wherever its SPF passes', async () => {
    const { page, troubles } = await openPage(rig);
    await entryOf(page, 'news@shop.example').getByRole('button', { name: 'Always' }).click();
    await page.getByLabel('wherever its SPF passes').check();
    await page.getByRole('button', { name: 'Always let it pass' }).click();
    await hasText(page, '.notice', 'news@shop.example from wherever its SPF passes, passes until');
    const row = page.locator('#exception-list tr').filter({ hasText: 'news@shop.example' });
    await row.filter({ hasText: 'wherever SPF passes' }).waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await hasText(page, '#exception-list', 'There are none');
    await page.locator('.notice').last().getByRole('button', { name: 'Undo' }).click();
    await row.filter({ hasText: 'wherever SPF passes' }).waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await hasText(page, '#exception-list', 'There are none');
    // The null sender has no domain that SPF could speak for.
    await searchFor(page, 'client', '2001:db8:7::/48');
    await entryOf(page, '<>').getByRole('button', { name: 'Always' }).click();
    assert.equal(await page.getByLabel('wherever its SPF passes').count(), 0);
    assert.deepEqual(troubles, []);
    await page.context().close();
  });

  test('changes nothing where that is not allowed, and asks for a token where one is needed', async () => {
    const context = await rig.browser.newContext();
    const page = await context.newPage();
    const tokens: (string | undefined)[] = [];
    // What a listener of TCP answers, in front of the real one.
    await page.route('**/v1/**', async (route) => {
      const token = route.request().headers()['authorization'];
      tokens.push(token);
      if (token !== 'Bearer right') {
        await route.fulfill({ status: 401, json: { detail: 'a token is needed' } });
        return;
      }
      const answer = await route.fetch();
      if (!route.request().url().endsWith('/v1/page')) {
        await route.fulfill({ response: answer });
        return;
      }
      const state: unknown = await answer.json();
      await route.fulfill({
        response: answer,
        json: Object.assign({}, state, { mayWrite: false }),
      });
    });
    await page.goto(rig.url);
    await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
    await page.getByRole('button', { name: 'Go on' }).click();
    await hasText(page, '#dialog', 'The filter has refused that token.');
    await page.getByRole('textbox', { name: 'Token' }).fill('right');
    await page.getByRole('button', { name: 'Go on' }).click();
    await hasText(page, '#summary', 'read-only');
    await entryOf(page, 'news@shop.example').waitFor();
    assert.deepEqual(await page.locator('.entry').first().locator('button').allInnerTexts(), [
      'Story',
    ]);
    assert.equal(tokens[0], undefined);
    assert.equal(await page.evaluate('document.cookie + localStorage.length'), '0');
    await context.close();
  });

  test('has banners for what somebody must know, and when the filter is gone', async () => {
    const context = await rig.browser.newContext();
    const page = await context.newPage();
    const since = new Date(2030, 0, 2, 3, 4, 5).toISOString();
    const impairments = [
      { cause: 'store-read', text: 'the store cannot be read', since },
      { cause: 'learn', text: 'mode learn: nobody is put off' },
    ];
    let change: object | undefined = { mode: 'learn', impairments };
    await page.route('**/v1/page', async (route) => {
      if (change === undefined) {
        await route.abort();
        return;
      }
      const answer = await route.fetch();
      const state: unknown = await answer.json();
      await route.fulfill({ response: answer, json: Object.assign({}, state, change) });
    });
    await page.goto(rig.url);
    await hasText(
      page,
      '.banner.bad',
      'Impaired since 2030-01-02 03:04:05: the store cannot be read.',
    );
    assert.equal(await page.locator('.banner.bad').count(), 1);
    await hasText(page, '.banner.warn', 'Learning: nobody is put off');
    const again = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Count now' }).click();
    };
    change = { mode: 'shadow', impairments: [{ cause: 'shadow', text: 'mode shadow' }] };
    await again();
    await hasText(page, '.banner.warn', 'Shadow mode');
    assert.equal(await page.locator('.banner.bad').count(), 0);
    change = undefined;
    await again();
    await hasText(page, '.banner.bad', 'may be old: the filter cannot be reached');
    await context.close();
  });
});

/** How many of the colours of bands are in the picture of the decisions. */
const drawnColours = `(() => {
  const canvas = document.querySelector('#decisions canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  }
  const names = ['put-off', 'early', 'passed', 'known', 'exempt', 'refused'];
  const style = getComputedStyle(document.documentElement);
  return names.filter((name) =>
    found.has(parseInt(style.getPropertyValue('--' + name).trim().slice(1), 16))).length;
})()`;
