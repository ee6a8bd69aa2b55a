import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { patient, startSharer } from '../system/shared-site.js';
import { deliver } from '../system/smtp-session.js';
import { lastFirst } from '../support/clean-ups.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { launchBrowser, openBridge, openPage } from './browser-rig.js';

function entryOf(page: Page, sender: string): Locator {
  return page.locator('#records .entry').filter({ hasText: sender });
}

/** Waits for a tile with this figure and these words. */
async function hasTile(page: Page, figure: string, words: string): Promise<void> {
  const tile = page.locator('#tiles .tile').filter({ hasText: words });
  await tile.getByText(figure, { exact: true }).waitFor();
}

test(
  'the page of one of two filters on a server shows what both did, and steers both',
  { skip: skipWithoutRedis() },
  async (t) => {
    const cleanUps = lastFirst(t);
    const server = await RedisServer.start(cleanUps);
    const store = { url: `redis://${server.address}` };
    const socket = join(createTempDirectory(cleanUps), 'admin.sock');
    const admin = [...patient, `listen.admin=unix:${socket}`];
    const one = await startSharer(cleanUps, store, { overrides: admin });
    const other = await startSharer(cleanUps, store, { overrides: patient });
    await deliver(one, { from: 'ann@a.example' });
    for (const from of ['joe@b.example', 'sue@c.example']) await deliver(other, { from });
    await deliver(other, { from: 'ann@a.example' });
    // What it has counted it writes once a minute, and when it ends.
    await other.stop();
    await other.start();
    other.takeDecisions();

    const browser = await launchBrowser(cleanUps);
    const url = await openBridge(cleanUps, socket);
    const { page, troubles } = await openPage({ browser, daemon: one, url });
    await hasTile(page, '4', 'decisions');
    await hasTile(page, '3', 'first attempts put off');
    await entryOf(page, 'ann@a.example').getByText('2 attempts').waitFor();

    const notice = page.locator('.notice');
    await entryOf(page, 'joe@b.example').getByRole('button', { name: 'Let it pass' }).click();
    await notice.filter({ hasText: 'passes when it comes next' }).waitFor();
    await entryOf(page, 'joe@b.example').waitFor({ state: 'detached' });
    await deliver(other, { from: 'joe@b.example' });
    assert.deepEqual(other.takeDecisions(), ['accept greylist-known <bob@example.org>']);

    await entryOf(page, 'sue@c.example').getByRole('button', { name: 'Let it pass' }).click();
    await entryOf(page, 'sue@c.example').waitFor({ state: 'detached' });
    await notice.last().getByRole('button', { name: 'Undo' }).click();
    await notice.filter({ hasText: 'waits again' }).waitFor();
    await deliver(other, { from: 'sue@c.example' });
    assert.deepEqual(other.takeDecisions(), ['tempfail greylist-early <bob@example.org>']);
    await page.getByRole('button', { name: 'Search' }).click();
    await entryOf(page, 'sue@c.example').getByText('2 attempts').waitFor();
    assert.deepEqual(troubles, []);
    await page.context().close();
  },
);
