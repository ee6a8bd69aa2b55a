import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedMail } from '../../../../src/cli/explain/explain-input.js';
import { explanationJson } from '../../../../src/cli/explain/explain-json.js';
import type { ToldMail } from '../../../../src/cli/explain/explain-options.js';
import { formatExplanation } from '../../../../src/cli/explain/explain-text.js';
import { parseConfig } from '../../../../src/config/load.js';
import { explainMail, type Explanation } from '../../../../src/daemon/trials/explain-mail.js';
import { advance } from '../../../../src/greylist/advance.js';
import { encodeClientAutowhite } from '../../../../src/greylist/client-autowhite-codec.js';
import { encodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import { noRules } from '../../../../src/daemon/configuration/rule-set.js';
import type { StoreEntry } from '../../../../src/store/store.js';
import { DAY, MINUTE, SETTINGS } from '../../../support/greylist-settings.js';
import { createLookups } from '../../../support/rule-parts.js';
import { from } from '../../greylist/history.js';

const now = Date.UTC(2026, 10, 21, 12);
const read = { kind: 'read', path: '/db' } as const;

/** The pair has waited for ten minutes with this client. */
const pair = 'cann@example.org\0joe@example.net';
const waiting = advance(
  undefined,
  from('198.51.100.9', { name: 'out1.example.net' }),
  SETTINGS,
  now - 10 * MINUTE,
).next;

function entry(value: Uint8Array): StoreEntry {
  return { value, expiresAt: now + DAY, commit: undefined };
}

/** Explains a mail of 203.0.113.7 with this in the store, which must not change. */
async function explain(
  told: ToldMail,
  stored: Readonly<Record<string, Uint8Array>>,
  spf: 'pass' | 'fail' = 'fail',
): Promise<Explanation> {
  const whole = {
    client: '203.0.113.7',
    from: 'joe@example.net',
    to: ['ann@example.org'],
    ...told,
  };
  const asked = askedMail(whole, now, (name) => `--${name}`);
  assert.ok('mail' in asked);
  const lookups = createLookups({
    spf: () => ({
      known: true,
      value: { result: spf, domain: 'example.net', term: 'ip4:192.0.2.0/24', prefix: 24 },
    }),
  });
  const [first] = await explainMail(asked.mail, asked.attempts, {
    config: parseConfig({}).config,
    ruleSet: { ...noRules, lookups: { forRecipient: () => lookups } },
    store: {
      get: (key) => {
        const value = stored[key];
        return value && entry(value);
      },
    },
  });
  assert.ok(first);
  return first;
}

describe('explain says what a client is recognised by', () => {
  const known = { [pair]: encodeCorrespondence(waiting) };

  test('its name, for which nobody is asked', async () => {
    const found = await explain({ name: 'out2.example.net' }, known);
    const text = formatExplanation(found, read);
    assert.match(text, /result +accept \(greylist-passed, by host-name\)/);
    assert.doesNotMatch(text, /^lookups/m);
  });

  test('SPF, with what was asked', async () => {
    const found = await explain({}, known, 'pass');
    const text = formatExplanation(found, read);
    assert.match(text, /result +accept \(greylist-passed, by spf\)/);
    assert.match(text, /spf +example\.net for 203\.0\.113\.7 +pass for example\.net by ip4/);
    assert.match(text, /spf +example\.net for 198\.51\.100\.9 +pass for/);
    assert.match(text, /another +198\.51\.100\.0\/24 +pending since/);
    const { result } = explanationJson(found, read, now);
    assert.ok(typeof result === 'object' && result !== null && 'identity' in result);
    assert.equal(result.identity, 'spf');
  });

  test('nothing, and what was asked in vain', async () => {
    const text = formatExplanation(await explain({}, known), read);
    assert.match(text, /result +tempfail \(greylist-new, 180 s to wait\)/);
    assert.match(text, /spf +example\.net for 203\.0\.113\.7 +fail for/);
  });
});

describe('explain says what a client has earned', () => {
  const client = (isExempt: boolean, points: number, expiresAt = now + DAY): Uint8Array => {
    const at = { lastPointAt: now - DAY, lastSeenAt: now - DAY, expiresAt };
    const witnesses = ['a.example', 'b.example'];
    return encodeClientAutowhite({ points, isExempt, witnesses, host: undefined, ...at });
  };
  const key = 'a203.0.113.7';

  test('it is exempt', async () => {
    const found = await explain({}, { [key]: client(true, 5) });
    const text = formatExplanation(found, read);
    assert.match(text, /client +exempt until 2026-11-22 12:00:00, by 5 first passes/);
    assert.match(text, /result +accept \(client-autowhite\)/);
    assert.deepEqual(explanationJson(found, read, now)['client-autowhite'], {
      points: 5,
      exempt: true,
      expiresAt: '2026-11-22T12:00:00.000Z',
    });
  });

  test('it has something on its account', async () => {
    const text = formatExplanation(await explain({}, { [key]: client(false, 1) }), read);
    assert.match(text, /client +1 first pass counted, remembered until 2026-11-22 12:00:00/);
    assert.match(text, /result +tempfail \(greylist-new/);
  });

  for (const [what, value] of [
    ['what has ended', client(true, 5, now)],
    ['what cannot be read', Buffer.of(0)],
  ] as const) {
    test(`not ${what}`, async () => {
      const found = await explain({}, { [key]: value });
      assert.doesNotMatch(formatExplanation(found, read), /client-autowhite/);
      assert.equal(explanationJson(found, read, now)['client-autowhite'], null);
    });
  }
});
