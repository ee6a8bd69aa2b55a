import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createPolicy, type Policy } from '../../../../src/daemon/policy/policy.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import {
  stripping,
  strippedSender,
  wholeRecipient,
  writtenSender,
} from '../../../support/address-forms.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function policyOf(...overrides: readonly string[]): Policy {
  return createPolicy(parseConfig({ overrides }).config);
}

describe('what decisions go by', () => {
  test('the defaults', () => {
    const policy = policyOf();
    assert.deepEqual(policy.greylist, {
      delayMs: 3 * MINUTE,
      retryWindowMs: 2 * DAY,
      autowhiteMs: 36 * DAY,
      learnForMs: undefined,
      renew: true,
      network: { ipv4: 24, ipv6: 64 },
      identity: { spf: true, hostName: true },
      patience: { tries: 4, overMs: 4 * 60 * MINUTE },
    });
    assert.deepEqual([policy.stage, policy.probeStage, policy.header], ['rcpt', 'data', 'delayed']);
    assert.deepEqual(policy.failure, { onFailure: 'accept' });
    assert.deepEqual(policy.senderForm, strippedSender);
    assert.deepEqual(policy.recipientForm, wholeRecipient);
    assert.ok(policy.trusted.some(({ text }) => text === '127.0.0.0/8'));
  });

  for (const [mode, learnForMs] of [
    ['enforce', undefined],
    ['learn', 7 * DAY],
    ['shadow', undefined],
  ] as const) {
    test(`mode ${mode}`, () => {
      const policy = policyOf(`greylist.mode=${mode}`);
      assert.equal(policy.mode, mode);
      assert.equal(policy.greylist.learnForMs, learnForMs);
      assert.equal(policy.probe.learnForMs, learnForMs);
    });
  }

  test('probing senders live for another time, which is not renewed', () => {
    const { greylist, probe } = policyOf('greylist.probe-senders.autowhite=2d');
    assert.deepEqual(probe, { ...greylist, autowhiteMs: 2 * DAY, renew: false });
  });

  test('what is set', () => {
    const policy = policyOf(
      'greylist.patience=off',
      'greylist.identity=host-name',
      'greylist.sender={fold-case: false, strip: [srs, tokens]}',
      'greylist.recipient={fold-case: false, keep-extension: false, delimiters: +-}',
      'store.on-failure=tempfail',
      'trusted=[192.0.2.0/24, 2001:db8::/32]',
    );
    assert.equal(policy.greylist.patience, undefined);
    assert.equal(policy.probe.patience, undefined);
    assert.deepEqual(policy.senderForm, {
      form: 'sender',
      foldCase: false,
      strip: stripping('srs', 'tokens'),
    });
    assert.deepEqual(policy.recipientForm, {
      form: 'recipient',
      foldCase: false,
      delimiters: '+-',
    });
    assert.deepEqual(policy.greylist.identity, { spf: false, hostName: true });
    assert.deepEqual(policy.failure, { onFailure: 'tempfail' });
    assert.deepEqual(
      policy.trusted.map(({ text }) => text),
      ['192.0.2.0/24', '2001:db8::/32'],
    );
  });
});

describe('what counts as one sender', () => {
  test("can be Postgrey's rule", () => {
    assert.deepEqual(policyOf('greylist.sender.form=postgrey').senderForm, { form: 'postgrey' });
  });

  test('can be what was written', () => {
    assert.deepEqual(policyOf('greylist.sender.strip=[]').senderForm, writtenSender);
  });
});

describe('probing senders', () => {
  const { isProbe } = policyOf();
  const cases: readonly (readonly [sender: string, expected: boolean])[] = [
    ['<>', true],
    ['', true],
    ['<double-bounce@mx.example.org>', true],
    ['<Postmaster@example.org>', true],
    ['<alice@example.org>', false],
    ['<postmaster-of@example.org>', false],
  ];
  for (const [sender, expected] of cases) {
    test(`${sender}: ${String(expected)}`, () =>
      assert.equal(isProbe(parseEnvelopeAddress(sender)), expected));
  }

  test('are none if none are set', () =>
    assert.equal(
      policyOf('greylist.probe-senders.match=[]').isProbe(parseEnvelopeAddress('<>')),
      false,
    ));
});
