import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestDaemon } from '../support/daemon-harness.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import {
  deliver,
  offers,
  openSession,
  recipient,
  sendMail,
  waitFor,
  type Told,
} from './smtp-session.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const delay = 3 * MINUTE;
const passed: Told = { rcpt: ['continue'], data: undefined, eom: 'continue', headers: [] };

/** `accept, would tempfail: greylist-new` for each decision since this was asked last. */
function takeVerdicts({ logger }: TestDaemon): readonly string[] {
  return logger.decisions
    .splice(0)
    .map(({ verdict, would, reason }) => `${verdict}, would ${would}: ${reason}`);
}

describe('mode shadow', () => {
  const overrides = ['greylist.mode=shadow', 'greylist.probe-senders.stage=rcpt'];

  test('lets pass, and tells how it would have gone', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    assert.deepEqual(await deliver(daemon), passed);
    daemon.clock.advance(MINUTE);
    assert.deepEqual(await deliver(daemon), passed);
    daemon.clock.advance(delay);
    assert.deepEqual(await deliver(daemon), passed, 'without a header: this mail was not delayed');
    assert.deepEqual(await deliver(daemon), passed);
    assert.deepEqual(takeVerdicts(daemon), [
      'accept, would tempfail: greylist-new',
      'accept, would tempfail: greylist-early',
      'accept, would accept: greylist-passed',
      'accept, would accept: greylist-known',
    ]);
  });

  test('leaves the records that enforce mode would leave, and a reload goes on with them', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    const known = { to: ['known@example.org'] };
    await deliver(daemon, known);
    daemon.clock.advance(delay);
    await deliver(daemon, known);
    await deliver(daemon);
    daemon.clock.advance(MINUTE);
    await daemon.reload({ overrides: ['greylist.mode=enforce'] });
    assert.deepEqual((await deliver(daemon, known)).rcpt, ['continue']);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(120)]);
  });

  test('still lets pass without a question who is never greylisted', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    await deliver(daemon, { client: { address: '127.0.0.1' } });
    assert.deepEqual(takeVerdicts(daemon), ['accept, would accept: trusted']);
  });
});

describe('mode learn', () => {
  const overrides = ['greylist.mode=learn', 'greylist.probe-senders.stage=rcpt'];

  test('lets pass, and what was seen passes for 7 days when it is enforced', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    assert.deepEqual(await deliver(daemon), passed);
    assert.deepEqual(await deliver(daemon), passed);
    assert.deepEqual(takeVerdicts(daemon), [
      'accept, would tempfail: greylist-new',
      'accept, would accept: greylist-known',
    ]);
    await daemon.reload({ overrides: ['greylist.mode=enforce'] });
    daemon.clock.advance(7 * DAY - 1000);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual((await deliver(daemon, { from: 'new@client.example' })).rcpt, [waitFor(180)]);
    daemon.clock.advance(35 * DAY);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue'], 'its mail has renewed it');
  });

  test('what was not seen again in time is new', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    await deliver(daemon);
    await daemon.reload({ overrides: ['greylist.mode=enforce'] });
    daemon.clock.advance(7 * DAY);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('takes nothing from what has passed before', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    await deliver(daemon);
    await daemon.reload({ overrides });
    daemon.clock.advance(30 * DAY);
    await deliver(daemon);
    await daemon.reload({});
    daemon.clock.advance(30 * DAY);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
  });

  test('lets pass who was told to wait before', async (t) => {
    const daemon = await startTestDaemon(t);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    await daemon.reload({ overrides });
    assert.deepEqual(await deliver(daemon), passed);
    assert.deepEqual(takeVerdicts(daemon).at(-1), 'accept, would tempfail: greylist-early');
  });
});

describe('both', () => {
  for (const mode of ['learn', 'shadow']) {
    const setting = `greylist.mode=${mode}`;

    test(`${mode}: null senders pass at DATA, and where there is none at the end of the message`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: [setting] });
      const to = [recipient, 'other@example.org'];
      const told = await deliver(daemon, { from: '', to });
      assert.deepEqual([told.data, told.eom, told.headers], ['continue', 'continue', []]);
      const from = 'postmaster@client.example';
      const old = await deliver(daemon, { from, to, offer: offers[2] });
      assert.deepEqual([old.data, old.eom, old.headers], [undefined, 'continue', []]);
      const expected = 'accept, would tempfail: greylist-new';
      assert.deepEqual(takeVerdicts(daemon), [expected, expected, expected, expected]);
    });

    test(`${mode}: recipients of one mail with different fates all pass`, async (t) => {
      const daemon = await startTestDaemon(t);
      const known = { to: ['known@example.org'] };
      await deliver(daemon, known);
      daemon.clock.advance(delay);
      await deliver(daemon, known);
      await daemon.reload({ overrides: [setting] });
      daemon.takeDecisions();
      const to = ['known@example.org', 'new@example.org'];
      const told = await deliver(daemon, { to });
      assert.deepEqual([told.rcpt, told.eom], [['continue', 'continue'], 'continue']);
      assert.deepEqual(takeVerdicts(daemon), [
        'accept, would accept: greylist-known',
        'accept, would tempfail: greylist-new',
      ]);
    });

    test(`${mode}: a session keeps the mode it began with`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: [setting] });
      const peer = await daemon.connect();
      await openSession(peer);
      await daemon.reload({ overrides: ['greylist.mode=enforce'] });
      assert.deepEqual((await sendMail(peer)).rcpt, ['continue']);
      await peer.quit();
    });
  }
});
