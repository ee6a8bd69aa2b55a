import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  formatSocketAddress,
  isLocalSocket,
  parseSocketAddress,
} from '../../../src/config/socket-address.js';
import type { SocketAddress } from '../../../src/config/socket-address.js';

const unix = (path: string): SocketAddress => ({ kind: 'unix', path });
const inet = (host: string, port: number): SocketAddress => ({
  kind: 'inet',
  host,
  port,
  family: host.includes(':') ? 6 : 4,
});

describe('listeners that are read, and how they are written', () => {
  const cases: readonly (readonly [text: string, SocketAddress, canonical: string])[] = [
    ['unix:/run/g/milter.sock', unix('/run/g/milter.sock'), 'unix:/run/g/milter.sock'],
    ['local:/run/g/milter.sock', unix('/run/g/milter.sock'), 'unix:/run/g/milter.sock'],
    ['/run/g/milter.sock', unix('/run/g/milter.sock'), 'unix:/run/g/milter.sock'],
    ['unix:/run/a b@c:1', unix('/run/a b@c:1'), 'unix:/run/a b@c:1'],
    ['inet:10033@127.0.0.1', inet('127.0.0.1', 10033), 'inet:10033@127.0.0.1'],
    ['inet:127.0.0.1:10033', inet('127.0.0.1', 10033), 'inet:10033@127.0.0.1'],
    ['inet6:10033@[::1]', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet6:10033@::1', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet6:[::1]:10033', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet:[::1]:10033', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet:10033@[::1]', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet:10033@[0:0:0:0:0:0:0:1]', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet:10033@localhost', inet('127.0.0.1', 10033), 'inet:10033@127.0.0.1'],
    ['inet:LOCALHOST:10033', inet('127.0.0.1', 10033), 'inet:10033@127.0.0.1'],
    ['inet6:10033@localhost', inet('::1', 10033), 'inet6:10033@[::1]'],
    ['inet:0@127.0.0.1', inet('127.0.0.1', 0), 'inet:0@127.0.0.1'],
    ['inet:65535@0.0.0.0', inet('0.0.0.0', 65535), 'inet:65535@0.0.0.0'],
    ['inet:25@[::ffff:192.0.2.1]', inet('192.0.2.1', 25), 'inet:25@192.0.2.1'],
  ];
  for (const [text, address, canonical] of cases) {
    test(text, () => {
      assert.deepEqual(parseSocketAddress(text), { ok: address });
      assert.equal(formatSocketAddress(address), canonical);
      assert.deepEqual(parseSocketAddress(canonical), { ok: address });
    });
  }
});

describe('listeners that are refused', () => {
  const which =
    'write inet:10033@127.0.0.1 for this machine alone; 0.0.0.0 or [::] with listen.allow for others';
  const examples = 'write unix:/run/greymilter/milter.sock or inet:10033@127.0.0.1';
  const names = 'write an IP address or localhost: names are not looked up here';
  const brackets = 'write an IPv6 address in brackets: inet:[::1]:10033';
  const cases: readonly (readonly [text: string, problem: string, hint?: string])[] = [
    ['', 'is not a socket address', examples],
    ['tcp:127.0.0.1:10033', 'is not a socket address', examples],
    ['127.0.0.1:10033', 'is not a socket address', 'write inet:127.0.0.1:10033'],
    ['10033@localhost', 'is not a socket address', 'write inet:10033@localhost'],
    ['[::1]:10033', 'is not a socket address', 'write inet:[::1]:10033'],
    ['inet:10033', 'does not say which address', which],
    ['inet:10033@', 'does not say which address', which],
    ['inet:10033@*', 'does not say which address', which],
    ['inet:*:10033', 'does not say which address', which],
    ['inet:', 'is not a socket address', examples],
    ['inet:::1:10033', 'is not a socket address', brackets],
    ['inet:10033@mx.example.org', 'has "mx.example.org" for an address', names],
    ['inet:localhost:smtp', 'has "smtp" for a port', 'write a number up to 65535'],
    ['inet:65536@127.0.0.1', 'has "65536" for a port', 'write a number up to 65535'],
    ['inet:-1@127.0.0.1', 'has "-1" for a port', 'write a number up to 65535'],
    ['inet:1@fe80::1%eth0', 'has "fe80::1%eth0" for an address', names],
    ['inet6:1@127.0.0.1', 'says inet6 before an IPv4 address', 'write inet:1@127.0.0.1'],
    ['unix:milter.sock', 'needs an absolute path', 'write unix:/run/greymilter/milter.sock'],
    ['unix:/run/greymilter/', 'names a directory, not a socket'],
    ['unix:/run/a\nb', 'has a control character in its path'],
    ['unix:/run/a\0b', 'has a control character in its path'],
  ];
  for (const [text, problem, hint] of cases) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(parseSocketAddress(text), hint ? { problem, hint } : { problem }),
    );
  }

  test('a path that the system has no room for, counted in bytes', () => {
    const fits = `/${'x'.repeat(106)}`;
    assert.deepEqual(parseSocketAddress(fits), { ok: unix(fits) });
    const hint = 'the system allows 107 for a socket: choose a shorter one';
    assert.deepEqual(parseSocketAddress(`${fits}x`), { problem: 'has a path of 108 bytes', hint });
    assert.deepEqual(parseSocketAddress(`/${'ü'.repeat(54)}`), {
      problem: 'has a path of 109 bytes',
      hint,
    });
  });
});

test('only Unix sockets and loopback addresses are local', () => {
  assert.equal(isLocalSocket(unix('/x')), true);
  assert.equal(isLocalSocket(inet('127.0.0.1', 1)), true);
  assert.equal(isLocalSocket(inet('127.255.0.1', 1)), true);
  assert.equal(isLocalSocket(inet('::1', 1)), true);
  assert.equal(isLocalSocket(inet('0.0.0.0', 1)), false);
  assert.equal(isLocalSocket(inet('12.7.0.1', 1)), false);
  assert.equal(isLocalSocket(inet('::', 1)), false);
});
