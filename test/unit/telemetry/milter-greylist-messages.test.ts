import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { milterGreylistFormat } from '../../../src/telemetry/milter-greylist-format.js';
import { SAMPLE_AT } from './sample-decision.js';

const AT = new Date(SAMPLE_AT).toISOString();

describe("a message in milter-greylist's words", () => {
  type Fields = Readonly<Record<string, string | number | undefined>>;
  const say = (message: string, fields?: Fields) =>
    milterGreylistFormat.message(AT, { level: 'info', message, fields });
  const beside = (message: string, fields?: Fields) =>
    milterGreylistFormat.besideMessage?.(AT, { level: 'info', message, fields });

  test('is its own where it has one', () => {
    assert.equal(say('configuration reloaded'), 'reloaded config file');
    assert.equal(
      say('configuration reloaded', { file: '/etc/mail/greylist.conf', took: 1_012_345 }),
      'reloaded config file "/etc/mail/greylist.conf" in 1.012345s',
    );
    assert.equal(say('stopped'), 'smfi_main() returned 0');
    const forgotten = { id: '4QX', client: '192.0.2.1', removed: 2 };
    const flushed = '4QX: addr 192.0.2.1 flushed, removed 2 grey and autowhite';
    assert.equal(say('client forgotten', forgotten), `${flushed} (ACL )`);
    assert.equal(say('client forgotten', { ...forgotten, rule: 'spam' }), `${flushed} (ACL spam)`);
    assert.equal(
      say('client forgotten', { ...forgotten, rule: 'spam', line: 12 }),
      `${flushed} (ACL 12)`,
    );
    assert.equal(
      say('store.import is not there, so nothing is taken over', { file: '/var/db' }),
      'cannot read dumpfile "/var/db"',
    );
    assert.equal(
      say('triplet forgotten', { client: '192.0.2.1', from: 'a@b', to: 'c@d' }),
      'removed: 192.0.2.1 from <a@b> to <c@d>',
    );
    assert.equal(
      say('reloading, since files have changed', { files: '/etc/mail/grey "list".conf' }),
      'reloading config file "/etc/mail/grey ?list?.conf"',
    );
  });

  for (const [outcome, end] of [
    ['never-returned', 'greylisted entry timed out'],
    ['returned-early', 'greylisted entry timed out'],
    ['passed', 'autowhitelisted entry expired'],
  ] as const)
    test(`says of a triplet that is ${outcome} that it has expired`, () => {
      const triplet = {
        client: '192.0.2.1',
        from: 'a b@example.net',
        to: 'c@example.org',
        outcome,
      };
      assert.equal(
        say('triplet expired', triplet),
        `(local): 192.0.2.1 from <a_b@example.net> to <c@example.org>: ${end}`,
      );
    });

  test('warns of a rate, whatever its key is', () => {
    const rate = { id: '4QX', rate: 'burst', seen: 11, over: 10, counted: 'recipients' };
    assert.equal(
      say('a rate is exceeded', { ...rate, seconds: 3600, key: '192.0.2.1 "<x\u0007>"' }),
      'ratelimit overflow for class burst: 11, limit is 10 recipients / 3600 sec, key = "192.0.2.1 ?<x?>?"',
    );
    const levelOf = milterGreylistFormat.levelOfMessage;
    assert.equal(levelOf?.('a rate is exceeded', 'debug'), 'warn');
    assert.equal(levelOf('ready', 'info'), 'info');
  });

  test("is a rule's own text, alone on its line", () => {
    const said = { level: 'info', message: 'stopped', fields: { id: '4QX' } } as const;
    assert.equal(milterGreylistFormat.message(AT, { ...said, origin: 'rule' }), 'stopped');
    const odd = { ...said, message: 'from="a"\nb\u00e9', origin: 'rule' } as const;
    assert.equal(milterGreylistFormat.message(AT, odd), 'from="a"?b?');
  });

  test('is beside another one where a triplet goes', () => {
    const triplet = { client: '192.0.2.1', from: '', to: 'c@d', outcome: 'passed' };
    assert.deepEqual(beside('triplet expired', triplet), ['removed: 192.0.2.1 from <> to <c@d>']);
    assert.deepEqual(beside('ready', { a: 1 }), []);
  });

  test('is ours with its fields', () => {
    assert.equal(say('ready', { a: 1, b: undefined, c: 'x y' }), 'ready a=1 c="x y"');
  });
});
