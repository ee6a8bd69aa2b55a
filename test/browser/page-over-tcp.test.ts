import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';

import { isShown, launchBrowser, type BrowserRig } from './browser-rig.js';
import {
  ADMIN,
  audits,
  contextOf,
  enter,
  entryOf,
  hasText,
  open,
  READER,
  REFUSED,
  startOverTcp,
  waiting,
  writeTokens,
} from './tcp-rig.js';

/** The id of the exception that was removed last. */
function exceptionIn({ daemon }: BrowserRig): string {
  const what = daemon.logger.entries.map(({ fields }) => String(fields['what']));
  return what.map((text) => /^DELETE \/v1\/exceptions\/(\S+)/.exec(text)?.[1] ?? '').join('');
}

describe('the page over TCP', () => {
  const stops: (() => Promise<void>)[] = [];
  let browser: Browser;
  // It takes longer to start than a test takes.
  before(async () => {
    browser = await launchBrowser({ after: (stop) => void stops.push(stop) });
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  test('asks for a token until it has a right one, and keeps it for this tab alone', async (t) => {
    const site = await startOverTcp(t, browser);
    const context = await contextOf(t, site);
    const { page, troubles } = await open(site, context);
    await hasText(page, '#dialog', 'It stands in the file that http.token-file names');
    // Nothing of anybody is there before.
    assert.equal(await page.locator('.entry').count(), 0);
    for (const wrong of [READER.slice(1), `${ADMIN}x`, 'a b', 'schlüssel-€-0123456789']) {
      await enter(page, wrong);
      await hasText(page, '#dialog', 'The filter has refused that token.');
      await page.getByRole('textbox', { name: 'Token' }).and(page.locator(':focus')).waitFor();
    }
    await enter(page, ADMIN);
    await isShown(page);
    assert.deepEqual(
      troubles.filter((text) => !REFUSED.test(text)),
      [],
    );
    await page.reload();
    await isShown(page);
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await page.evaluate('document.cookie + localStorage.length'), '0');
    assert.doesNotMatch(page.url(), /token|admin/);
    const other = await open(site, context);
    await hasText(other.page, '#dialog', 'A token is needed');
    const refusal = site.daemon.logger.take('admin request refused');
    assert.deepEqual(refusal.fields, {
      code: 'ADMIN_TOKEN',
      peer: '127.0.0.1',
      times: undefined,
    });
    site.daemon.logger.takeAll('admin request refused');
  });

  test('asks again once its token is not among them any more', async (t) => {
    const site = await startOverTcp(t, browser);
    const { page } = await open(site, await contextOf(t, site));
    await enter(page, ADMIN);
    await isShown(page);
    const next = ADMIN.toUpperCase();
    writeTokens(site.tokenFile, next);
    await site.daemon.reload({});
    await hasText(page, '#dialog', 'The filter has refused that token.');
    await enter(page, next);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await hasText(page, '#summary', 'read-only');
    site.daemon.logger.takeAll('admin request refused');
  });

  for (const [name, settings, token] of [
    ['without http.write', [], ADMIN],
    ['with a token for reading', ['http.write=true'], READER],
  ] as const) {
    test(`changes nothing ${name}`, async (t) => {
      const site = await startOverTcp(t, browser, settings);
      const { page, troubles } = await open(site, await contextOf(t, site));
      await enter(page, token);
      await isShown(page);
      await hasText(page, '#summary', 'read-only');
      const entry = entryOf(page, 'news@shop.example');
      assert.deepEqual(await entry.locator('button').allInnerTexts(), ['Story']);
      // Who makes the buttons by himself gets nowhere, either.
      const status: unknown = await page.evaluate(
        `fetch('v1/pass?sender=@shop.example', {
        method: 'POST',
        headers: { authorization: 'Bearer ${token}', 'content-type': 'application/json' },
      }).then((answer) => answer.status)`,
      );
      assert.equal(status, 403);
      assert.equal(await waiting(site), 2);
      const who = token === ADMIN ? 'admin' : 'reader';
      assert.deepEqual(audits(site), [`${who} 127.0.0.1 POST /v1/pass 403`]);
      assert.deepEqual(
        troubles.filter((text) => !/status of 40[13]/.test(text)),
        [],
      );
      site.daemon.logger.takeAll('admin request refused');
    });
  }

  test('changes what it is told to with http.write, and the log says who it was', async (t) => {
    const site = await startOverTcp(t, browser, ['http.write=true']);
    const { page, troubles } = await open(site, await contextOf(t, site));
    await enter(page, ADMIN);
    await isShown(page);
    const entry = entryOf(page, 'news@shop.example');
    await entry.getByRole('button', { name: 'Let it pass' }).click();
    await hasText(page, '.notice', 'passes when it comes next');
    assert.equal(await waiting(site), 1);
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await hasText(page, '.notice', 'waits again');
    assert.equal(await waiting(site), 2);
    await entryOf(page, 'bill@').getByRole('button', { name: 'Always' }).click();
    await page.getByRole('button', { name: 'Always let it pass' }).click();
    const row = page.locator('#exception-list tr').filter({ hasText: 'bill@bank.example' });
    await row.getByRole('button', { name: 'Remove' }).click();
    await hasText(page, '#exception-list', 'There are none');
    const who = 'admin 127.0.0.1';
    assert.deepEqual(audits(site), [
      `${who} POST /v1/records//pass 200`,
      `${who} PUT /v1/records/ 204`,
      `${who} POST /v1/exceptions 201`,
      `${who} DELETE /v1/exceptions/${exceptionIn(site)} 204`,
    ]);
    // It is the filter that says no, whatever the page still shows.
    await site.daemon.reload({ overrides: ['http.write=false'] });
    await entryOf(page, 'bill@').getByRole('button', { name: 'Let it pass' }).click();
    await hasText(page, '.notice.bad', 'nothing can be changed here: see http.write');
    assert.equal(await waiting(site), 2);
    assert.deepEqual(
      troubles.filter((text) => !/status of 40[13]/.test(text)),
      [],
    );
    site.daemon.logger.takeAll('admin request refused');
  });
});
