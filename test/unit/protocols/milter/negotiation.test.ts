import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventNames } from '../../../../src/protocols/milter/commands.js';
import type { EventName } from '../../../../src/protocols/milter/events.js';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import {
  agree,
  encodeAgreement,
  Negotiator,
  wantsAnswer,
  wishesOf,
  type Wishes,
} from '../../../../src/protocols/milter/negotiation.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { fromHex } from '../../../support/packet-builder.js';

type Filter = MilterFilter<undefined>;
type Part = Exclude<EventName, 'eom'>;

const open = (): undefined => undefined;
const respond = (): typeof replies.continue => replies.continue;
const observer = { observe: (): void => undefined };

const flagsOf: Readonly<Record<Part, { readonly no: number; readonly nr: number }>> = {
  connect: { no: 0x1, nr: 0x1000 },
  helo: { no: 0x2, nr: 0x2000 },
  mail: { no: 0x4, nr: 0x4000 },
  rcpt: { no: 0x8, nr: 0x8000 },
  body: { no: 0x10, nr: 0x80000 },
  header: { no: 0x20, nr: 0x80 },
  eoh: { no: 0x40, nr: 0x40000 },
  unknown: { no: 0x100, nr: 0x20000 },
  data: { no: 0x200, nr: 0x10000 },
};
const parts = Object.keys(flagsOf) as readonly Part[]; // keys of a complete record

const today = { version: 6, actions: 0x1ff, steps: 0x1fffff };
const nothing: Wishes = { actions: 0, steps: 0, macroLists: Buffer.alloc(0) };

describe('wishesOf', () => {
  test('every combination of absent, observing and answering handlers', () => {
    const choices = 3 ** parts.length;
    for (let choice = 0; choice < choices; choice++) {
      let expected = 0;
      const handlers: [string, unknown][] = [];
      parts.forEach((name, index) => {
        const kind = Math.floor(choice / 3 ** index) % 3;
        if (kind === 0) expected |= flagsOf[name].no;
        if (kind === 1) handlers.push([name, observer]);
        if (kind === 1) expected |= flagsOf[name].nr;
        if (kind === 2) handlers.push([name, respond]);
        if (kind !== 0 && name === 'body') expected |= 0x400;
      });
      const { steps, actions } = wishesOf({ open, ...Object.fromEntries(handlers) });
      assert.equal(steps, expected, handlers.join(' '));
      assert.equal(actions, 0);
    }
  });

  test('a handler for the end of the message changes no flag', () => {
    assert.equal(
      wishesOf<undefined>({ open, eom: respond }).steps,
      wishesOf<undefined>({ open }).steps,
    );
  });

  test('the greylisting filter of the recorded scenario 400', () => {
    const filter: Filter = {
      open,
      connect: observer,
      helo: observer,
      mail: observer,
      rcpt: respond,
      data: respond,
      eom: respond,
      actions: ['addHeaders'],
    };
    const { steps, actions } = wishesOf(filter);
    assert.equal(steps, 0x7000 | 0x10 | 0x20 | 0x40 | 0x100);
    assert.equal(actions, 0x1);
  });

  test('leading blanks and rejected recipients are asked for', () => {
    const { steps } = wishesOf<undefined>({ open, leadingSpace: true, rejectedRecipients: true });
    assert.equal(steps & 0x100800, 0x100800);
    const without = wishesOf<undefined>({ open, leadingSpace: false, rejectedRecipients: false });
    assert.equal(without.steps & 0x100800, 0);
  });

  test('actions are those that are named', () => {
    const { actions } = wishesOf<undefined>({
      open,
      actions: ['addHeaders', 'changeSender', 'quarantine'],
    });
    assert.equal(actions, 0x61);
  });
});

describe('macro lists', () => {
  const cases: readonly (readonly [string, Filter['macros'], string])[] = [
    ['none', undefined, ''],
    ['no stage', {}, ''],
    [
      'an empty list is none (Sendmail would send nothing, Postfix its default)',
      { connect: [] },
      '',
    ],
    [
      'connect and RCPT, as recorded',
      { connect: ['j', '{client_addr}'], rcpt: ['{rcpt_addr}', 'i'] },
      `00000000 6a207b636c69656e745f616464727d00 00000003 7b726370745f616464727d206900`,
    ],
    [
      'HELO, MAIL and DATA',
      { helo: ['a'], mail: ['b'], data: ['c'] },
      '00000001 6100 00000002 6200 00000004 6300',
    ],
    [
      'the end of the message brings the end of the header (Sendmail)',
      { eom: ['x'] },
      '00000006 6900 00000005 7800',
    ],
    [
      'the end of the header brings the end of the message (Sendmail)',
      { eoh: ['x'] },
      '00000006 7800 00000005 6900',
    ],
    ['both ends', { eoh: ['x'], eom: ['y'] }, '00000006 7800 00000005 7900'],
    [
      'an empty end of the message beside an end of the header',
      { eoh: ['x'], eom: [] },
      '00000006 7800 00000005 6900',
    ],
    ['both ends empty', { eoh: [], eom: [] }, ''],
  ];
  for (const [name, macros, hex] of cases) {
    test(name, () => {
      const { macroLists, actions } = wishesOf<undefined>({ open, ...(macros && { macros }) });
      assert.deepEqual(macroLists, fromHex(hex));
      assert.equal(actions, hex === '' ? 0 : 0x100);
    });
  }
});

describe('agree', () => {
  for (const [offered, agreed] of [
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 6],
    [7, 6],
    [0xffffffff, 6],
  ] as const) {
    test(`version ${agreed} where ${offered} is offered`, () => {
      assert.equal(agree({ ...today, version: offered }, nothing).version, agreed);
    });
  }

  for (const version of [0, 1]) {
    test(`version ${version} cannot be used`, () => {
      assert.throws(() => agree({ ...today, version }, nothing), { code: 'MILTER_OFFER_UNUSABLE' });
    });
  }

  const everything: Wishes = { ...nothing, actions: 0x1ff, steps: 0x1fffff };
  const offers = [
    { name: 'version 6', steps: 0x1fffff, agreed: 0x1fffff },
    { name: 'Postfix with milter_protocol = 4', steps: 0x37f, agreed: 0x37f },
    { name: 'Postfix with milter_protocol = 3', steps: 0x17f, agreed: 0x17f },
    { name: 'Postfix with milter_protocol = 2', steps: 0x7f, agreed: 0x7f },
    { name: 'bits that nobody knows', steps: 0xf01fffff, agreed: 0x1fffff },
    { name: 'nothing, which is version 1', steps: 0, agreed: 0x3f },
  ];
  for (const { name, steps, agreed } of offers) {
    test(`steps are a subset of the offer: ${name}`, () => {
      assert.equal(agree({ ...today, steps }, everything).steps, agreed);
      assert.equal(agree({ ...today, steps }, nothing).steps, 0);
    });
  }

  test('actions are a subset of the offer', () => {
    assert.equal(agree({ ...today, actions: 0x3f }, everything).actions, 0x3f);
    assert.equal(agree({ ...today, actions: 0xffffffff }, everything).actions, 0x1ff);
    assert.equal(agree({ ...today, actions: 0 }, everything).actions, 0x0f);
  });
});

describe('encodeAgreement', () => {
  test('"everything, no flags", as recorded', () => {
    const bytes = encodeAgreement({ version: 6, actions: 0x1ff, steps: 0 }, nothing);
    assert.deepEqual(bytes, fromHex('0000000d 4f 00000006 000001ff 00000000'));
  });

  const wishes = wishesOf<undefined>({
    open,
    macros: { connect: ['j', '{client_addr}'], rcpt: ['{rcpt_addr}', 'i'] },
  });

  test('with macro lists, as recorded', () => {
    const bytes = encodeAgreement({ version: 6, actions: 0x1ff, steps: 0 }, wishes);
    assert.deepEqual(
      bytes,
      fromHex(`00000033 4f 00000006 000001ff 00000000
        00000000 6a207b636c69656e745f616464727d00
        00000003 7b726370745f616464727d206900`),
    );
  });

  test('without macro lists where the MTA does not take them', () => {
    const agreement = agree({ version: 2, actions: 0x3f, steps: 0x7f }, wishes);
    assert.deepEqual(
      encodeAgreement(agreement, wishes),
      fromHex('0000000d 4f 00000002 00000000 0000007f'),
    );
  });
});

describe('wantsAnswer', () => {
  for (const name of eventNames) {
    test(`${name}: not with its NR flag, and always without`, () => {
      const nr = name === 'eom' ? 0 : flagsOf[name].nr;
      assert.equal(wantsAnswer({ ...today, steps: 0x1fffff & ~nr }, name), true);
      assert.equal(wantsAnswer({ ...today, steps: nr }, name), name === 'eom');
    });
  }
});

describe('Negotiator', () => {
  const wishes = wishesOf<undefined>({ open, rcpt: () => replies.continue });
  const offers = [
    { version: 6, actions: 0x1ff, steps: 0x1fffff },
    { version: 2, actions: 0x1ff, steps: 0x1fffff },
    { version: 6, actions: 0x3f, steps: 0x1fffff },
    { version: 6, actions: 0x1ff, steps: 0x7f },
  ];

  test('answers each offer by itself, however they follow each other', () => {
    const negotiator = new Negotiator(wishes);
    for (const offer of [...offers, ...offers, ...offers.toReversed()]) {
      const agreement = agree(offer, wishes);
      const packet = encodeAgreement(agreement, wishes);
      assert.deepEqual(negotiator.answer({ ...offer }), { agreement, packet });
    }
  });

  test('the same offer again costs nothing', () => {
    const negotiator = new Negotiator(wishes);
    const [offer] = offers;
    assert.ok(offer);
    assert.equal(negotiator.answer(offer), negotiator.answer({ ...offer }));
  });

  test('an offer that cannot be used leaves what was agreed before', () => {
    const negotiator = new Negotiator(wishes);
    const [offer] = offers;
    assert.ok(offer);
    const first = negotiator.answer(offer);
    assert.throws(() => negotiator.answer({ ...offer, version: 1 }), {
      code: 'MILTER_OFFER_UNUSABLE',
    });
    assert.equal(negotiator.answer(offer), first);
  });
});
