import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  expandDomainSpec,
  isDomainSpec,
  isMacroString,
  type MacroValues,
} from '../../../src/lookups/spf-macros.js';
import { ip } from './spf-rig.js';

const values: MacroValues = {
  localPart: 'strong-bad',
  senderDomain: 'email.example.com',
  domain: 'email.example.com',
  client: ip('192.0.2.3'),
  helo: 'mx.example.org',
};
const v6: MacroValues = { ...values, client: ip('2001:db8::cb01') };
const nibbles = '2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1';

describe('SPF macros', () => {
  const expansions: readonly (readonly [string, string, MacroValues?])[] = [
    // The examples of RFC 7208 section 7.4.
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d3}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
    ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
    ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
    ['%{i}.%{v}._spf.%{d2}', `${nibbles}.ip6._spf.example.com`, v6],
    ['%{ir}.test', `${nibbles.split('.').reverse().join('.')}.test`, v6],
    // And what they leave out.
    ['%{h}.test', 'mx.example.org.test'],
    ['%{dR}.test', 'com.example.email.test'],
    ['%{L}.test', 'a%20b%21.test', { ...values, localPart: 'a b!' }],
    ['%{l+}.test', 'a.b.test', { ...values, localPart: 'a+b' }],
    ['%{l+-}.test', 'a.b.c.test', { ...values, localPart: 'a+b-c' }],
    ['%{d}.test', 'inner.test.test', { ...values, domain: 'inner.test' }],
    ['a%%b%_c%-d.test', 'a%b c%20d.test'],
    ['x.test.', 'x.test'],
  ];
  for (const [spec, expected, withValues = values] of expansions)
    test(`${spec} becomes ${expected}`, () => {
      assert.equal(expandDomainSpec(spec, withValues), expected);
    });

  test('drop labels on the left of what is too long for DNS', () => {
    const localPart = Array.from({ length: 100 }, () => 'abc').join('.');
    const name = expandDomainSpec('%{l}.x.test', { ...values, localPart });
    assert.equal(name, `${Array.from({ length: 61 }, () => 'abc').join('.')}.x.test`);
    assert.ok(name.length <= 253);
  });

  test('are domain-specs by the grammar of section 7.1', () => {
    for (const text of [
      'x.test',
      'x.test.',
      '_a/b!.test',
      '%{d}',
      'x.%{d2r-.}',
      '%%.x.t1',
      'a.b-c',
    ])
      assert.ok(isDomainSpec(text), text);
    for (const text of [
      '',
      'test',
      'x.1',
      'x.-a',
      'x.a-',
      'x..',
      '%',
      '%{',
      '%{x}',
      '%{d0}',
      '%{d',
      '%x.test',
      'x%{d}y',
      '%{c}.test',
      'x y.test',
      '%{d-r}',
    ])
      assert.ok(!isDomainSpec(text), text);
  });

  test('of explanations may be more', () => {
    assert.ok(isMacroString('%{c}%{R}%{t}', 'explanation'));
    assert.ok(!isMacroString('%{c}'));
    assert.ok(!isMacroString('%{x}', 'explanation'));
  });
});
