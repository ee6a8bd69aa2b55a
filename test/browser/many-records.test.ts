import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openSession, sendMail } from '../system/smtp-session.js';
import { openPage, startRig } from './browser-rig.js';
import { storeMails } from './sample-store.js';

const ALL = 100_000;
const PART = 5000;

test('a hundred thousand waiting mails are shown page by page, and searched', async (t) => {
  const rig = await startRig(t, async (store, now) => {
    for (let from = 0; from < ALL; from += PART) {
      const part = Array.from({ length: PART }, (_, index) => ({
        sender: `sender${from + index}@bulk.example`,
        recipient: `user${(from + index) % 997}@example.org`,
        client: `198.51.${(from + index) % 250}.7`,
        minutesAgo: 1 + ((from + index) % 1000),
      }));
      await storeMails(store, part, now);
    }
  });
  const { page, troubles } = await openPage(rig);
  const rows = page.locator('#records .entry');
  await page.getByText('50 shown; there may be more.').waitFor();
  assert.equal(await rows.count(), 50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('100 shown; there may be more.').waitFor();
  const senders = await page.locator('#records strong').allInnerTexts();
  assert.equal(new Set(senders).size, 100);
  // One in a hundred thousand: parts that have nothing are gone through, until all are.
  await page.locator('#search-text').fill('sender99999@bulk.example');
  await page.getByRole('button', { name: 'Search' }).click();
  const more = page.getByRole('button', { name: 'Show more' });
  const found = rows.filter({ hasText: 'sender99999@bulk.example' });
  const state = page.locator('#pending-state');
  for (let round = 0; round < 100 && (await found.count()) === 0; round++) {
    await state.filter({ hasText: /shown|Nothing/ }).waitFor();
    if ((await found.count()) > 0) break;
    await more.click();
  }
  assert.equal(await found.count(), 1);
  // While the page reads them, mail is judged.
  const peer = await rig.daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from: 'a@one.example', to: ['x@example.org'] });
  await peer.quit();
  assert.deepEqual(rig.daemon.takeDecisions(), ['tempfail greylist-new <x@example.org>']);
  assert.deepEqual(troubles, []);
});
