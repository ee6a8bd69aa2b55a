import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isPropertyName,
  newestOf,
  noProperties,
  Properties,
} from '../../../src/rules/properties.js';

describe('properties', () => {
  it('are known by their names in any letter case', () => {
    const properties = new Properties();
    properties.set('message', 'Quota', '5');
    assert.equal(properties.get('qUOTA'), '5');
    assert.equal(properties.get('other'), undefined);
    properties.set('message', 'quota', '6');
    assert.deepEqual(properties.all('QUOTA'), ['6']);
  });

  it('have several values, of which the newest is the one', () => {
    const properties = new Properties();
    properties.add('message', 'mail', 'a@one.example');
    properties.add('message', 'mail', 'a@two.example');
    assert.deepEqual(properties.all('mail'), ['a@one.example', 'a@two.example']);
    assert.equal(properties.get('mail'), 'a@two.example');
  });

  it("lose what was the last recipient's when another one is named", () => {
    const properties = new Properties();
    properties.set('recipient', 'a', '1');
    properties.set('message', 'b', '2');
    properties.beginRecipient();
    properties.beginRecipient();
    assert.equal(properties.get('a'), undefined);
    assert.equal(properties.get('b'), '2');
  });

  it('live as long as what was set last says', () => {
    const properties = new Properties();
    properties.set('recipient', 'a', '1');
    properties.set('message', 'a', '2');
    properties.set('message', 'b', '1');
    properties.set('recipient', 'b', '2');
    properties.beginRecipient();
    assert.equal(properties.get('a'), '2');
    assert.equal(properties.get('b'), undefined);
  });

  it('do not change for those who have looked', () => {
    const properties = new Properties();
    properties.set('message', 'a', '1');
    const before = properties.values;
    properties.set('message', 'a', '2');
    assert.equal(newestOf(before, 'A'), '1');
    assert.equal(newestOf(noProperties, 'a'), undefined);
  });

  it('are bounded in number', () => {
    const properties = new Properties();
    for (let i = 0; i < 300; i++) properties.set('message', `p${i}`, 'x');
    assert.equal(properties.values.size, 256);
    properties.set('message', 'p0', 'y');
    assert.equal(properties.get('p0'), 'y');
    for (let i = 0; i < 100; i++) properties.add('message', 'p1', String(i));
    assert.equal(properties.all('p1').length, 64);
    assert.equal(properties.get('p1'), '99');
  });

  it('are bounded in size, and have room again when the next recipient is named', () => {
    const properties = new Properties();
    const long = 'x'.repeat(10_000);
    for (let i = 0; i < 20; i++) properties.set('recipient', `p${i}`, long);
    assert.equal(properties.get('p0')?.length, 4096);
    assert.equal(properties.values.size, 15);
    properties.beginRecipient();
    properties.set('message', 'p19', long);
    assert.equal(properties.get('p19')?.length, 4096);
  });

  it('have names of letters, digits, _ and -', () => {
    for (const name of ['mail-quota_2', 'x'.repeat(4096)]) assert.equal(isPropertyName(name), true);
    for (const name of ['', 'a b', 'a.b', 'x'.repeat(4097)])
      assert.equal(isPropertyName(name), false);
    const properties = new Properties();
    properties.set('message', 'a b', 'x');
    assert.equal(properties.values.size, 0);
  });
});
