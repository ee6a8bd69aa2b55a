import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { proveIdentity } from '../../../../src/daemon/greylisting/prove-identity.js';
import type { Source } from '../../../../src/greylist/correspondence.js';
import type { IdentitySettings, Proof } from '../../../../src/greylist/identity.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress, type IpAddress } from '../../../../src/mail/ip-address.js';
import type { Answer, Lookups, SpfFinding, SpfQuestion } from '../../../../src/rules/lookups.js';
import { createLookups } from '../../../support/rule-parts.js';

const BOTH: IdentitySettings = { spf: true, hostName: true };

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined);
  return address;
}

function sourceOf(text: string, more: Partial<Source> = {}): Source {
  return {
    address: ip(text),
    prefix: 24,
    name: undefined,
    firstSeenAt: 1000,
    lastSeenAt: 1000,
    attempts: 1,
    passedAt: undefined,
    expiresAt: 9000,
    ...more,
  };
}

/** What SPF says: a prefix by which it passes, another result, or nothing that anybody knows. */
type Said = number | 'fail' | 'softfail' | 'wide' | 'unknown';

function answerOf(said: Said = 'softfail'): Answer<SpfFinding> {
  if (said === 'unknown') return { known: false, problem: 'TXT example.org: timed out' };
  const finding = { domain: 'example.org', term: undefined };
  if (said === 'wide') return { known: true, value: { ...finding, result: 'pass' } };
  if (typeof said === 'string') return { known: true, value: { ...finding, result: said } };
  return { known: true, value: { ...finding, result: 'pass', prefix: said } };
}

interface Rig {
  readonly asked: readonly SpfQuestion[];
  readonly lookups: Lookups;
}

/** Lookups that know this of these clients, and count. */
function spfOf(known: Readonly<Record<string, Said>>): Rig {
  const asked: SpfQuestion[] = [];
  const lookups = createLookups({
    spf: (question) => {
      asked.push(question);
      return Promise.resolve(answerOf(known[question.client.text]));
    },
  });
  return { asked, lookups };
}

interface Case {
  readonly relatives?: readonly Source[];
  readonly isPatient?: boolean;
  readonly name?: string;
  readonly settings?: IdentitySettings;
}

const newcomer = '198.51.100.1';

async function prove(
  { lookups }: Rig,
  { relatives = [], isPatient = false, name, settings = BOTH }: Case,
): Promise<Record<string, string> & { readonly fails?: 'yes' }> {
  const proof: Proof = await proveIdentity(
    { relatives, isPatient },
    {
      address: ip(newcomer),
      name,
      helo: 'mail.example.org',
      sender: parseEnvelopeAddress('<joe@example.org>'),
    },
    settings,
    lookups,
  );
  return { ...Object.fromEntries(proof.sameAs), ...(proof.spfFails && { fails: 'yes' }) };
}

const known = sourceOf('192.0.2.1', { passedAt: 2000 });
const waiting = sourceOf('192.0.2.2');
const named = sourceOf('192.0.2.3', { name: 'out3.example.net' });

describe('by SPF', () => {
  test('it must pass by a narrow term for both of them', async () => {
    for (const [own, other, proven] of [
      [24, 24, true],
      [12, 12, true],
      [11, 24, false],
      [24, 8, false],
      ['wide', 24, false],
      [24, 'wide', false],
      ['softfail', 24, false],
      [24, 'softfail', false],
      ['unknown', 24, false],
      [24, 'unknown', false],
    ] as const) {
      const rig = spfOf({ [newcomer]: own, '192.0.2.1': other });
      const found = await prove(rig, { relatives: [known] });
      assert.deepEqual(found, proven ? { '192.0.2.1': 'spf' } : {}, `${own} and ${other}`);
    }
  });

  test('nobody else is asked for where it says nothing of the new client', async () => {
    const rig = spfOf({ '192.0.2.1': 24 });
    assert.deepEqual(await prove(rig, { relatives: [known, waiting] }), {});
    assert.deepEqual(
      rig.asked.map(({ client, helo }) => [client.text, helo]),
      [[newcomer, 'mail.example.org']],
    );
  });

  test('of very many sources only the first are asked for', async () => {
    const relatives = Array.from({ length: 31 }, (_, n) => sourceOf(`192.0.2.${n + 1}`));
    const rig = spfOf({ [newcomer]: 24, '192.0.2.8': 24, '192.0.2.9': 24 });
    assert.deepEqual(await prove(rig, { relatives }), { '192.0.2.8': 'spf' });
    assert.equal(rig.asked.length, 9);
  });

  test('is not asked where the setting says so', async () => {
    const rig = spfOf({ [newcomer]: 24, '192.0.2.1': 24 });
    const settings = { spf: false, hostName: true };
    assert.deepEqual(await prove(rig, { relatives: [known], settings }), {});
    assert.equal(rig.asked.length, 0);
  });
});

describe('by the host name', () => {
  const name = 'out1.example.net';

  test('nobody is asked: it is enough where it leads to a known source', async () => {
    const rig = spfOf({});
    const relatives = [sourceOf('192.0.2.3', { name: 'out3.example.net', passedAt: 1 }), waiting];
    assert.deepEqual(await prove(rig, { relatives, name }), { '192.0.2.3': 'host-name' });
    assert.equal(rig.asked.length, 0);
  });

  test('SPF may find a known source where the name leads to one that waits', async () => {
    const rig = spfOf({ [newcomer]: 24, '192.0.2.1': 24 });
    const found = await prove(rig, { relatives: [known, named], name });
    assert.deepEqual(found, { '192.0.2.1': 'spf', '192.0.2.3': 'host-name' });
  });

  test('SPF may find an earlier clock, and is not asked for a later one', async () => {
    const earlier = sourceOf('192.0.2.4', { firstSeenAt: 500 });
    const rig = spfOf({ [newcomer]: 24, '192.0.2.2': 24, '192.0.2.4': 24 });
    const found = await prove(rig, { relatives: [waiting, earlier, named], name });
    assert.deepEqual(found, { '192.0.2.3': 'host-name', '192.0.2.4': 'spf' });
    const later = spfOf({});
    await prove(later, { relatives: [waiting, named], name });
    assert.equal(later.asked.length, 0);
  });

  test('a client or a source without one is not taken for another', async () => {
    assert.deepEqual(await prove(spfOf({}), { relatives: [named] }), {});
    assert.deepEqual(await prove(spfOf({}), { relatives: [waiting], name }), {});
    const generated = 'host-198-51-100-1.example.net';
    assert.deepEqual(await prove(spfOf({}), { relatives: [named], name: generated }), {});
  });

  test('is not looked at where the setting says so', async () => {
    const settings = { spf: true, hostName: false };
    assert.deepEqual(await prove(spfOf({}), { relatives: [named], name, settings }), {});
  });
});

describe('before patience', () => {
  for (const [said, expected] of [
    ['fail', { fails: 'yes' }],
    ['softfail', {}],
    ['unknown', {}],
    [24, {}],
  ] as const) {
    test(`SPF says ${said}: ${'fails' in expected ? 'it is refused' : 'it passes'}`, async () => {
      const rig = spfOf({ [newcomer]: said });
      const settings = { spf: false, hostName: false };
      assert.deepEqual(await prove(rig, { isPatient: true, settings }), expected);
      assert.equal(rig.asked.length, 1);
    });
  }
});
