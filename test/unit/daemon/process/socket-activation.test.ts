import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isSamePlace, readHandedOver } from '../../../../src/daemon/process/socket-activation.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

describe('sockets that are handed over', () => {
  const environment = { LISTEN_PID: '42', LISTEN_FDS: '2', LISTEN_FDNAMES: 'unix:inet' };

  test('begin at descriptor 3, and have names', () => {
    assert.deepEqual(readHandedOver(environment, 42), [
      { fd: 3, name: 'unix' },
      { fd: 4, name: 'inet' },
    ]);
  });

  test('may have no names', () => {
    const nameless = { LISTEN_PID: '42', LISTEN_FDS: '1' };
    assert.deepEqual(readHandedOver(nameless, 42), [{ fd: 3, name: 'unknown' }]);
  });

  test('are not ours if they are for another process', () => {
    assert.deepEqual(readHandedOver(environment, 43), []);
    assert.deepEqual(readHandedOver({ ...environment, LISTEN_PID: undefined }, 42), []);
    assert.deepEqual(readHandedOver({}, 42), []);
  });

  for (const count of ['', '0', '-1', '1.5', '10000', 'two'])
    test(`are none if there are "${count}"`, () =>
      assert.deepEqual(readHandedOver({ ...environment, LISTEN_FDS: count }, 42), []));
});

describe('two addresses are the same place', () => {
  const inet = (host: string, port: number) => ({ kind: 'inet', host, port, family: 4 }) as const;

  test('if address and port are', () => {
    assert.ok(isSamePlace(inet('127.0.0.1', 25), inet('127.0.0.1', 25)));
    assert.ok(!isSamePlace(inet('127.0.0.1', 25), inet('127.0.0.1', 26)));
    assert.ok(!isSamePlace(inet('127.0.0.1', 25), inet('0.0.0.0', 25)));
    assert.ok(!isSamePlace(inet('127.0.0.1', 25), { kind: 'unix', path: '/run/a' }));
  });

  test('if their paths are, through symbolic links as well', (t) => {
    const directory = createTempDirectory(t);
    mkdirSync(join(directory, 'run'));
    symlinkSync('run', join(directory, 'var'));
    const at = (path: string) => ({ kind: 'unix', path: join(directory, path) }) as const;
    assert.ok(isSamePlace(at('run/a'), at('var/a')));
    assert.ok(!isSamePlace(at('run/a'), at('var/b')));
    assert.ok(isSamePlace(at('gone/a'), at('gone/a')));
    assert.ok(!isSamePlace(at('gone/a'), at('run/a')));
  });
});
