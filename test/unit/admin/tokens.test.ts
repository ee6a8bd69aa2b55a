import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isOurHost } from '../../../src/admin/http-access.js';
import { findToken, parseTokens } from '../../../src/admin/tokens.js';

const ADMIN = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const SCRAPER = 'bbbbbbbbbbbbbbbbbbbb';

describe('a file of tokens', () => {
  const text = `# people\nadmin ${ADMIN}\n\n  prometheus\t${SCRAPER} read \r\n`;

  test('has a name, a token and a right in each line', () => {
    const parsed = parseTokens(text);
    assert.ok('ok' in parsed);
    assert.deepEqual(
      parsed.ok.map(({ name, isReadOnly }) => [name, isReadOnly]),
      [
        ['admin', false],
        ['prometheus', true],
      ],
    );
    assert.equal(findToken(parsed.ok, ADMIN)?.name, 'admin');
    assert.equal(findToken(parsed.ok, SCRAPER)?.name, 'prometheus');
  });

  test('knows none that is shorter, longer, or of another letter', () => {
    const parsed = parseTokens(text);
    assert.ok('ok' in parsed);
    for (const other of ['', ADMIN.slice(1), `${ADMIN}a`, ADMIN.toUpperCase(), 'admin']) {
      assert.equal(findToken(parsed.ok, other), undefined, other);
    }
  });

  const refused: readonly (readonly [text: string, problem: string])[] = [
    ['', 'has no token'],
    ['# nothing\n', 'has no token'],
    [`${ADMIN}\n`, 'line 1: needs a name, and a token behind it'],
    ['\nadmin secret\n', 'line 2: has a token of less than 20 characters'],
    [`a ${ADMIN}"\n`, 'line 1: has a token that cannot be sent'],
    [`a ${ADMIN} write`, 'line 1: may have nothing behind the token but the word read'],
    [`a ${ADMIN} read x`, 'line 1: may have nothing behind the token but the word read'],
    [`a ${ADMIN}\na ${SCRAPER}`, 'line 2: has the name a again'],
  ];
  for (const [written, problem] of refused) {
    test(`${JSON.stringify(written)} ${problem}`, () => {
      assert.deepEqual(parseTokens(written), { problem });
    });
  }
});

describe('the Host of a request', () => {
  const hosts = ['localhost', 'filter.example.org'];
  const ours = ['localhost', 'LOCALHOST:8025', 'filter.example.org.', '127.0.0.1:8025'].concat([
    '[::1]:8025',
    '192.0.2.1',
  ]);
  for (const host of ours) {
    test(`${host} is ours`, () => assert.equal(isOurHost(host, hosts), true));
  }
  const theirs = ['', 'evil.example', 'localhost.evil.example', 'localhost:x', 'a:b:c'].concat([
    'filter.example.org:123456',
    '127.0.0.1.evil.example',
  ]);
  for (const host of [undefined, ...theirs]) {
    test(`${String(host)} is not`, () => assert.equal(isOurHost(host, hosts), false));
  }
});
