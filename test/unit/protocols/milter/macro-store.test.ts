import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventName } from '../../../../src/protocols/milter/events.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { MacroStore } from '../../../../src/protocols/milter/macro-store.js';

/** Announces macros for the event with this letter; the whole payload behind it as one string. */
function announce(store: MacroStore, letter: string, pairs: string, suppressed = 0): boolean {
  return store.announce({ command: letter.charCodeAt(0), pairs }, suppressed);
}

function storeWith(
  ...steps: readonly (readonly [letter: string, pairs: string, event?: EventName])[]
): MacroStore {
  const store = new MacroStore(defaultLimits);
  for (const [letter, pairs, event] of steps) {
    announce(store, letter, pairs);
    if (event !== undefined) store.arrive(event);
  }
  return store;
}

describe('MacroStore', () => {
  test('a packet counts when its event arrives', () => {
    const store = storeWith(['C', 'j\0mx\0']);
    assert.equal(store.get('j'), undefined);
    store.arrive('connect');
    assert.equal(store.get('j'), 'mx');
  });

  test('D R without R (a recipient that Sendmail refuses itself) is never seen', () => {
    const store = storeWith(
      ['R', '{rcpt_addr}\0user1\0', 'rcpt'],
      ['R', '{rcpt_addr}\x00550 5.1.1 User unknown\0{rcpt_mailer}\0error\0'],
    );
    assert.equal(store.get('{rcpt_addr}'), 'user1');
    store.arrive('data');
    assert.equal(store.get('{rcpt_addr}'), 'user1');
    assert.equal(store.get('{rcpt_mailer}'), undefined);
  });

  test('the macros of a suppressed event count at once', () => {
    const store = new MacroStore(defaultLimits);
    announce(store, 'M', 'i\0A1\0', 0x4);
    assert.equal(store.get('i'), 'A1');
  });

  test('a packet replaces its whole slot', () => {
    const store = storeWith(['H', 'a\x001\0b\x002\0', 'helo'], ['H', 'a\x003\0', 'helo']);
    assert.equal(store.get('a'), '3');
    assert.equal(store.get('b'), undefined);
  });

  test('an event without a packet leaves its slot as it is', () => {
    const store = storeWith(['H', 'a\x001\0', 'helo']);
    store.arrive('helo');
    assert.equal(store.get('a'), '1');
  });

  test('the latest stage is asked first', () => {
    const store = storeWith(['C', 'i\0c\0', 'connect'], ['M', 'i\0m\0', 'mail'], ['R', '', 'rcpt']);
    assert.equal(store.get('i'), 'm');
  });

  const lifetimes: readonly (readonly [EventName, string])[] = [
    ['connect', 'C'],
    ['helo', 'CH'],
    ['mail', 'CHM'],
    ['rcpt', 'CHMR'],
    ['data', 'CHMRT'],
    ['header', 'CHMRTN'],
    ['eoh', 'CHMRTN'],
    ['body', 'CHMRTNE'],
    ['eom', 'CHMRTNE'],
    ['unknown', 'CHMRTNE'],
  ];
  for (const [event, kept] of lifetimes) {
    test(`${event} empties what comes after it`, () => {
      const store = storeWith(
        ['C', '{C}\0C\0', 'connect'],
        ['H', '{H}\0H\0', 'helo'],
        ['M', '{M}\0M\0', 'mail'],
        ['R', '{R}\0R\0', 'rcpt'],
        ['T', '{T}\0T\0', 'data'],
        ['N', '{N}\0N\0', 'eoh'],
        ['E', '{E}\0E\0', 'eom'],
      );
      store.arrive(event);
      assert.equal(
        Array.from('CHMRTNE')
          .map((name) => store.get(name) ?? '')
          .join(''),
        kept,
      );
    });
  }

  test('D L is the list of the end of the header, D B that of the end of the message', () => {
    const store = storeWith(['L', 'i\0L\0', 'header']);
    assert.equal(store.get('i'), 'L');
    store.arrive('eoh');
    assert.equal(store.get('i'), 'L');
    announce(store, 'B', 'i\0B\0');
    store.arrive('body');
    assert.equal(store.get('i'), 'B');
    store.arrive('eom');
    assert.equal(store.get('i'), 'B');
  });

  test('D U comes with nothing and is nothing', () => {
    const store = new MacroStore(defaultLimits);
    assert.equal(announce(store, 'U', ''), true);
    assert.equal(announce(store, 'U', 'i\x001\0'), true);
    store.arrive('unknown');
    assert.equal(store.get('i'), undefined);
  });

  for (const letter of ['O', 'D', 'A', 'Q', 'K', 'z', '\0']) {
    test(`the unknown stage ${JSON.stringify(letter)} is left out`, () => {
      const store = new MacroStore(defaultLimits);
      assert.equal(announce(store, letter, 'i\x001\0'), false);
      assert.equal(store.get('i'), undefined);
    });
  }

  test('clear forgets everything, also what was only announced', () => {
    const store = storeWith(['C', 'j\0mx\0', 'connect'], ['H', 'a\x001\0']);
    store.clear();
    store.arrive('helo');
    assert.equal(store.get('j'), undefined);
    assert.equal(store.get('a'), undefined);
  });

  const names = [
    { name: '{x} is x', pairs: '{i}\0A1\0', symbol: 'i', value: 'A1' },
    { name: 'x is {x}', pairs: 'i\0A1\0', symbol: '{i}', value: 'A1' },
    {
      name: 'long names keep their braces',
      pairs: '{client_addr}\x001\0',
      symbol: '{client_addr}',
      value: '1',
    },
    {
      name: 'a long name without braces is another',
      pairs: '{client_addr}\x001\0',
      symbol: 'client_addr',
      value: undefined,
    },
    {
      name: 'three characters that are no braces stay',
      pairs: '{ab\x001\0',
      symbol: 'a',
      value: undefined,
    },
    { name: 'an empty value', pairs: 'a\0\0b\x001\0', symbol: 'a', value: '' },
    { name: 'a value behind an empty one', pairs: 'a\0\0b\x001\0', symbol: 'b', value: '1' },
    { name: 'the first of two of one name', pairs: 'a\x001\0a\x002\0', symbol: 'a', value: '1' },
    {
      name: 'a value is not taken for a name',
      pairs: 'a\0b\0c\x001\0',
      symbol: 'b',
      value: undefined,
    },
    {
      name: 'an odd number of strings: the pairs before count',
      pairs: 'a\x001\0b\0',
      symbol: 'a',
      value: '1',
    },
    {
      name: 'an odd number of strings: the last is none',
      pairs: 'a\x001\0b\0',
      symbol: 'b',
      value: undefined,
    },
    { name: 'a value without its NUL', pairs: 'a\x001\0b\x0023', symbol: 'b', value: '23' },
    { name: 'a name without its NUL', pairs: 'a\x001\0b', symbol: 'b', value: undefined },
    {
      name: 'blanks and 8-bit bytes in a value',
      pairs: '_\0a [1] \xff\0',
      symbol: '_',
      value: 'a [1] \xff',
    },
    { name: 'UTF-8 in a value', pairs: 'x\0\xc3\xa4\0', symbol: 'x', value: 'ä' },
    { name: 'no pairs', pairs: '', symbol: 'a', value: undefined },
  ];
  for (const { name, pairs, symbol, value } of names) {
    test(name, () => {
      assert.equal(storeWith(['C', pairs, 'connect']).get(symbol), value);
    });
  }

  test('a packet above the limit of bytes is left out, the one before stays', () => {
    const store = new MacroStore({ macroBytes: 10, macros: 128 });
    assert.equal(announce(store, 'C', 'a\x0012345678'), true);
    store.arrive('connect');
    assert.equal(announce(store, 'C', 'a\x00123456789'), false);
    store.arrive('connect');
    assert.equal(store.get('a'), '12345678');
  });

  test('macros above the limit of a packet are not found', () => {
    const store = new MacroStore({ macroBytes: 1000, macros: 2 });
    announce(store, 'C', 'a\x001\0b\x002\0c\x003\0');
    store.arrive('connect');
    assert.equal(store.get('b'), '2');
    assert.equal(store.get('c'), undefined);
  });
});
