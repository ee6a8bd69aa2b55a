import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { at, toldOf } from './translation.js';

describe('a tarpit of its own', () => {
  for (const [text, tarpit, limit] of [
    ['tarpit 5s', { for: '5s', again: true, refusals: false }, null],
    ['tarpit 20s\ntarpit 30', { for: '30s', again: true, refusals: false }, { tarpit: '30s' }],
    [
      'tarpit_scope comand\ntarpit 5s',
      { for: '5s', scope: 'command', again: true, refusals: false },
      null,
    ],
    ['tarpit 1h', { for: '600s', again: true, refusals: false }, { tarpit: '600s' }],
  ] as const)
    test(`${text.replaceAll('\n', '; ')} comes before all rules`, () => {
      const whole = `racl "a" whitelist default\n${text}\n`;
      assert.deepEqual(at(whole, ['rules']), [
        { name: 'tarpit', when: { tarpit }, then: 'continue' },
        { name: 'a', then: 'accept' },
      ]);
      assert.deepEqual(at(whole, ['limits']) ?? null, limit);
    });

  test('is not for who passes by SPF, as nothing is', () => {
    const text = 'tarpit 5s\nracl "a" whitelist default';
    assert.deepEqual(at(text, ['rules'], { flags: [] }), [
      { name: 'spf', when: { spf: 'pass' }, then: 'accept' },
      {
        name: 'tarpit',
        when: { tarpit: { for: '5s', again: true, refusals: false } },
        then: 'continue',
      },
      { name: 'a', then: 'accept' },
    ]);
  });

  test('lets nobody wait whom a clause of a blacklist makes wait', () => {
    const tarpit = { for: '5s', refusals: false };
    assert.deepEqual(at('racl "a" blacklist tarpit 5s', ['rules']), [
      { name: 'a', when: { tarpit }, then: 'reject' },
    ]);
  });

  test('of a rule that goes on is forgotten, and not who gave up', () => {
    assert.deepEqual(at('racl "a" continue tarpit 5s\nracl "b" whitelist tarpit 6s', ['rules']), [
      { name: 'a', when: { tarpit: '0s' }, then: 'continue' },
      { name: 'b', when: { tarpit: '6s' }, then: 'accept' },
    ]);
  });

  test('is none without a time', () => {
    assert.deepEqual(at('tarpit 5s\ntarpit 0', ['rules']), []);
  });
});

describe('clauses that never hold', () => {
  for (const [text, why] of [
    [
      'racl whitelist geoip "FR"',
      'geoip never holds: there is no database of countries; the rule is left out',
    ],
    [
      'geoip2db "/x"\nracl whitelist geoip "fr"',
      'geoip never holds: it is no country; the rule is left out',
    ],
    [
      'racl whitelist not from /.*/',
      'from never holds: it is found in everything; the rule is left out',
    ],
    ['racl whitelist not log "x"', 'log never holds; the rule is left out'],
  ] as const)
    test(text.replaceAll('\n', '; '), () => {
      assert.deepEqual(at(text, ['rules']), []);
      assert.ok(
        toldOf(text).some((told) => told.endsWith(` ${why}`)),
        toldOf(text).join('\n'),
      );
    });

  test('a clause that never holds does not matter where it must not', () => {
    assert.deepEqual(at('racl whitelist addr 192.0.2.1 not geoip "FR"', ['rules']), [
      { name: '1', when: { client: '192.0.2.1' }, then: 'accept' },
    ]);
  });
});
