import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { portOf } from '../../../../src/config/greylist-conf/service-ports.js';
import { at, read } from './translation.js';

const SERVICES = `# Network services
smtp\t\t25/tcp\t\tmail
domain\t\t53/udp
domain\t\t53/tcp # names
milter 10033/tcp filter greylist # smtps

broken
`;

describe('a port that is written by its name', () => {
  for (const [name, port] of [
    ['smtp', 25],
    ['mail', 25],
    ['domain', 53],
    ['greylist', 10033],
    // A comment, a word of no port, and what is not there.
    ['smtps', undefined],
    ['broken', undefined],
    ['SMTP', undefined],
  ] as const)
    test(`${name} is ${String(port)}`, () => assert.equal(portOf(name, SERVICES), port));

  test('stands in /etc/services', { skip: !existsSync('/etc/services') }, () => {
    const known = /^([a-z]+)\s+(\d+)\/tcp/m.exec(readFileSync('/etc/services', 'utf8'));
    assert.ok(known?.[1] !== undefined && known[2] !== undefined);
    const listen = at(`socket "inet:${known[1]}@127.0.0.1"`, ['listen', 'milter']);
    assert.equal(listen, `inet:${known[2]}@127.0.0.1`);
  });

  test('is an error where nobody knows it', () => {
    const { problems } = read('socket "inet:no-such-port@127.0.0.1"');
    assert.deepEqual(
      problems.map(({ problem, hint }) => `${problem}; ${hint ?? ''}`),
      [
        'socket has the port "no-such-port", which is none of /etc/services; write its number: "inet:10033@127.0.0.1"',
      ],
    );
  });
});
