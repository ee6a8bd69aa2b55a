import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createContext, createEndOfMessage } from '../../unit/daemon/fake-context.js';
import {
  beginMail,
  createFilterRig,
  openClientSession,
  textOf,
  type FilterRig,
} from '../../unit/daemon/filter-rig.js';
import { fc } from '../../support/properties.js';

const MINUTE = 60_000;

/** A mail of a few people who write to each other again and again. */
interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly afterMs: number;
}

const mail: fc.Arbitrary<Mail> = fc.record({
  from: fc.constantFrom('', 'postmaster@client.example', 'a@client.example', 'b@client.example'),
  to: fc.uniqueArray(fc.constantFrom('x@example.org', 'y@example.org', 'z@example.org'), {
    minLength: 1,
  }),
  afterMs: fc.oneof(fc.nat(5 * MINUTE), fc.nat(3 * 24 * 60 * MINUTE)),
});
const mails = fc.array(mail, { minLength: 1, maxLength: 20 });
const stage = fc.constantFrom('rcpt', 'data');

/** Sends a mail as far as it comes; what the MTA is told on the way. */
async function send(rig: FilterRig, { from, to, afterMs }: Mail): Promise<readonly string[]> {
  rig.clock.advance(afterMs);
  const session = openClientSession();
  beginMail(session, from);
  const told: string[] = [];
  for (const address of to) told.push(await rig.rcpt(session, address));
  if (!told.includes('continue')) return told;
  const data = textOf(await rig.answers.data(session, createContext()));
  told.push(data);
  if (data !== 'continue') return told;
  const end = createEndOfMessage();
  return [...told, textOf(await rig.answers.eom(session, end)), ...end.headers];
}

describe('modes', () => {
  for (const mode of ['learn', 'shadow']) {
    test(`${mode}: nobody is ever told to wait, or that he had to`, async (t) => {
      await fc.assert(
        fc.asyncProperty(mails, stage, async (all, at) => {
          const rig = createFilterRig(t, `greylist.mode=${mode}`, `greylist.stage=${at}`);
          for (const each of all) {
            const told = await send(rig, each);
            assert.deepEqual(new Set(told), new Set(['continue']));
          }
          assert.ok(rig.logger.decisions.every(({ verdict }) => verdict === 'accept'));
        }),
        { numRuns: 40 },
      );
    });
  }

  test('shadow: would have said what enforce mode says of the same attempts', async (t) => {
    await fc.assert(
      fc.asyncProperty(mails, stage, async (all, at) => {
        // What clients earn they earn in enforce mode alone.
        const settings = [`greylist.stage=${at}`, 'greylist.client-autowhite=off'];
        const shadow = createFilterRig(t, 'greylist.mode=shadow', ...settings);
        const enforce = createFilterRig(t, ...settings);
        for (const each of all) {
          await send(shadow, each);
          await send(enforce, each);
        }
        assert.deepEqual(
          shadow.logger.decisions.map(({ would, reason, attempts }) => [would, reason, attempts]),
          enforce.logger.decisions.map(({ verdict, reason, attempts }) => [
            verdict,
            reason,
            attempts,
          ]),
        );
        assert.deepEqual(shadow.store.inner.committed, enforce.store.inner.committed);
      }),
      { numRuns: 40 },
    );
  });
});
