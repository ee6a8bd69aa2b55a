import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSessionIds, MilterSession } from '../../../../src/daemon/milter/milter-session.js';
import type { Proceeding } from '../../../../src/daemon/answers/owed-answer.js';
import type { Attempt } from '../../../../src/greylist/attempt.js';
import type { ConnectEvent } from '../../../../src/protocols/milter/index.js';
import { createContext } from '../fake-context.js';

const connection: ConnectEvent = {
  hostName: 'mail.client.example',
  family: 'inet',
  port: 40_000,
  address: '192.0.2.1',
};

function attemptAfter(
  event: Partial<ConnectEvent> = {},
  macros: Readonly<Record<string, string>> = {},
): Attempt {
  const session = new MilterSession('s1');
  session.connect({ ...connection, ...event });
  session.helo('client');
  const context = createContext(macros);
  session.mail({ address: '<alice@client.example>', args: [] }, context);
  assert.ok(session.transaction !== undefined);
  return session.attempt(session.transaction, { address: '<bob@example.org>', args: [] }, context);
}

describe('an attempt', () => {
  test('is all that the MTA has told', () => {
    const attempt = attemptAfter(
      {},
      { i: 'q1', '{auth_authen}': 'joe', '{daemon_name}': 'MTA', '{greylist}': 'OK' },
    );
    assert.deepEqual(
      {
        ...attempt,
        clientAddress: attempt.clientAddress?.text,
        sender: attempt.sender.text,
        recipient: attempt.recipient.text,
      },
      {
        id: 'q1',
        via: 'milter',
        clientAddress: '192.0.2.1',
        clientPort: 40_000,
        clientName: 'mail.client.example',
        helo: 'client',
        sender: 'alice@client.example',
        recipient: 'bob@example.org',
        login: 'joe',
        daemonName: 'MTA',
        accessMap: 'OK',
        certSubject: undefined,
      },
    );
  });

  test('has the id of the session where the MTA has no queue id yet', () =>
    assert.equal(attemptAfter().id, 's1'));

  test('of an IPv6 client', () => {
    const { clientAddress } = attemptAfter({ family: 'inet6', address: '2001:db8::7' });
    assert.equal(clientAddress?.text, '2001:db8::7');
  });

  test('from a Unix socket has no address, whatever its path looks like', () => {
    const { clientAddress, clientPort } = attemptAfter({ family: 'unix', port: 0 });
    assert.deepEqual([clientAddress, clientPort], [undefined, 0]);
  });

  test('from nowhere has neither address nor port', () => {
    const { clientAddress, clientPort } = attemptAfter({ family: 'unknown', port: 0, address: '' });
    assert.deepEqual([clientAddress, clientPort], [undefined, undefined]);
  });

  test('has no name if only an address stands for it', () =>
    assert.equal(attemptAfter({ hostName: '[192.0.2.1]' }).clientName, undefined));
});

describe('a transaction', () => {
  test('begins with MAIL and ends with HELO or the message', () => {
    const session = new MilterSession('s1');
    const begin = (): void =>
      session.mail({ address: '<alice@client.example>', args: [] }, createContext());
    assert.equal(session.transaction, undefined);
    begin();
    const first = session.transaction;
    begin();
    assert.notEqual(session.transaction, first);
    session.helo('again');
    assert.equal(session.transaction, undefined);
    begin();
    session.endMessage();
    assert.equal(session.transaction, undefined);
  });
});

describe('an answer that is owed', () => {
  const proceeding: Proceeding = { recipients: [], stage: 'rcpt', startedAt: 0 };

  test('is given once', () => {
    const session = new MilterSession('s1');
    session.begin(proceeding);
    assert.equal(session.owes(proceeding), true);
    assert.equal(session.conclude(proceeding), true);
    assert.equal(session.owes(proceeding), false);
    assert.equal(session.conclude(proceeding), false);
    assert.equal(session.abandon(), undefined);
  });

  test('is not given any more once it was abandoned, or its message has ended', () => {
    const session = new MilterSession('s1');
    session.begin(proceeding);
    assert.equal(session.abandon(), proceeding);
    assert.equal(session.conclude(proceeding), false);
    session.begin(proceeding);
    session.endMessage();
    assert.equal(session.conclude(proceeding), false);
  });

  test('of before is not the one of now', () => {
    const session = new MilterSession('s1');
    session.begin(proceeding);
    session.abandon();
    session.begin({ ...proceeding });
    assert.equal(session.conclude(proceeding), false);
  });
});

test('session ids differ from each other, and from those of an earlier run', () => {
  const now = createSessionIds(Date.UTC(2030, 0, 1, 0, 0, 1));
  const before = createSessionIds(Date.UTC(2030, 0, 1));
  const ids = [now(), now(), before(), before()];
  assert.equal(new Set(ids).size, 4);
  for (const id of ids) assert.match(id, /^s[0-9a-z]+\.[12]$/);
});

test('session ids count to the base of 36', () => {
  const next = createSessionIds(Date.UTC(2030, 0, 1));
  for (let count = 1; count <= 2 * 36 * 36; count++) {
    assert.equal(next().split('.')[1], count.toString(36));
  }
});
