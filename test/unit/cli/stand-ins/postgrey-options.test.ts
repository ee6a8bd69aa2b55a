import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePostgreyOptions } from '../../../../src/cli/stand-ins/postgrey-options.js';
import { UsageError } from '../../../../src/cli/arguments/usage-error.js';

describe("Postgrey's options", () => {
  test('are read by one dash or two, with a value behind a = or as the next word', () => {
    const options = parsePostgreyOptions([
      ...['--delay=60', '-max-age', '30', '--greylist-text', '-x-', '-i', '10023', '-d', '-q'],
      ...['--hostname=a=b', '--facility=mail', 'ignored', '-', '--no-action', '--', '--exim'],
    ]);
    assert.equal(options.number('delay'), 60);
    assert.equal(options.number('max-age'), 30);
    assert.equal(options.text('greylist-text'), '-x-');
    assert.equal(options.text('inet'), '10023');
    assert.equal(options.text('hostname'), 'a=b');
    assert.equal(options.text('syslog-facility'), 'mail');
    assert.ok(options.has('daemonize') && options.has('quiet') && options.has('noaction'));
    assert.ok(!options.has('exim'));
    assert.equal(options.text('unix'), undefined);
    assert.equal(options.number('ipv4cidr'), undefined);
  });

  test('may come twice: the last counts, but for lists', () => {
    const options = parsePostgreyOptions(['--delay=1', '--delay=2', '--set=a', '--set=b']);
    assert.equal(options.number('delay'), 2);
    assert.deepEqual(options.all('set'), ['a', 'b']);
    assert.deepEqual(options.all('whitelist-clients'), []);
  });

  test('take a 0 for nothing, and a client whitelist without a number', () => {
    const number = (...words: readonly string[]) =>
      parsePostgreyOptions(words).text('auto-whitelist-clients');
    assert.equal(parsePostgreyOptions(['--delay=0']).number('delay'), undefined);
    assert.equal(number('--auto-whitelist-clients'), '');
    assert.equal(number('--auto-whitelist-clients', '--exim'), '');
    assert.equal(number('--auto-whitelist-clients', '7'), '7');
    assert.equal(number('--auto-whitelist-clients=0'), '0');
  });

  for (const [word, problem] of [
    ['--bogus', 'Unknown option: bogus'],
    ['--VERSION', 'Unknown option: VERSION'],
    ['--vers', 'Unknown option: vers'],
    ['-qv', 'Unknown option: qv'],
    ['--quiet=1', 'Option quiet does not take an argument'],
    ['--delay', 'Option delay requires an argument'],
    ['--unix=', 'Option unix requires an argument'],
    ['--delay=abc', 'Value "abc" invalid for option delay (number expected)'],
    [
      '--auto-whitelist-clients=x',
      'Value "x" invalid for option auto-whitelist-clients (number expected)',
    ],
  ] as const)
    test(`${word} is refused`, () => {
      assert.throws(() => parsePostgreyOptions([word]), new UsageError(problem));
    });
});
