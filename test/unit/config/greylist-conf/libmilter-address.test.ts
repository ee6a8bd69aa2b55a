import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { addressOfHost } from '../../../../src/config/greylist-conf/host-address.js';
import { readInetAddress } from '../../../../src/config/greylist-conf/libmilter-address.js';
import { at, read } from './translation.js';

describe('an address that is written for libmilter', () => {
  for (const [spec, address] of [
    ['inet:10033', 'inet:10033@0.0.0.0'],
    ['INET6:10033', 'inet6:10033@[::]'],
    ['inet:10033@192.0.2.1', 'inet:10033@192.0.2.1'],
    ['inet6:10033@[2001:db8::1]', 'inet6:10033@[2001:db8::1]'],
    ['inet:10033@LocalHost', 'inet:10033@LocalHost'],
    // What is no name is for others to complain about.
    ['inet:10033@a b', 'inet:10033@a b'],
    ['inet:@127.0.0.1', 'inet:@127.0.0.1'],
  ] as const)
    test(spec, () => assert.deepEqual(readInetAddress(spec), { address, unknown: undefined }));

  test('is none of a path', () => {
    assert.equal(readInetAddress('/run/milter.sock'), undefined);
    assert.equal(readInetAddress('unix:/run/milter.sock'), undefined);
  });

  test('has the address that the system has for its host', () => {
    // The system takes it for a name, and knows its address without a name server.
    assert.equal(at('socket "inet:10033@127.1"', ['listen', 'milter']), 'inet:10033@127.0.0.1');
    assert.equal(addressOfHost('localhost', 4), '127.0.0.1');
  });

  test('of a host that has none is an error', () => {
    const { problems } = read('socket "inet6:10033@nowhere.invalid"');
    assert.deepEqual(
      problems.map(({ problem, hint }) => ({ problem, hint })),
      [
        {
          problem: 'socket has the host "nowhere.invalid", for which the system has no address',
          hint: 'write its address: "inet:10033@127.0.0.1"',
        },
      ],
    );
  });

  test('has no address of the other family', () => {
    assert.equal(addressOfHost('127.1', 6), undefined);
  });
});
