import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultLimits } from '../../../../src/protocols/postfix-policy/limits.js';
import { postfixRequest, rawRequest } from '../../../support/policy-request-text.js';
import { deferred, openConnection, settle, testService } from './connection-rig.js';

const request = postfixRequest();
const echo = testService((asked, count) => `REJECT ${asked.get('sender') ?? ''} ${count}`);
const { answerMs, idleMs, requestMs } = defaultLimits;

describe('PolicyConnection', () => {
  test('answers each request, and keeps a session for them', async () => {
    const { exchange, endings } = openConnection(echo);
    const sent = ['a@x', 'b@x', 'c@x'].map((sender) => postfixRequest({ sender }));
    const answers = [];
    for (const each of sent) answers.push(...(await exchange(each)));
    assert.deepEqual(answers, ['REJECT a@x 1', 'REJECT b@x 2', 'REJECT c@x 3']);
    assert.deepEqual(endings, []);
  });

  test('answers requests that came together by one write, in their order', async () => {
    const { exchange, writes, thoughts } = openConnection(echo);
    const sent = ['a@x', 'b@x', 'c@x'].map((sender) => postfixRequest({ sender }));
    assert.deepEqual(await exchange(...sent), ['REJECT a@x 1', 'REJECT b@x 2', 'REJECT c@x 3']);
    assert.equal(writes(), 1);
    assert.equal(thoughts(), 0);
  });

  test('a request waits while the one before it is thought about', async () => {
    const first = deferred<string>();
    const service = testService((_asked, count) => (count === 1 ? first.promise : 'REJECT'));
    const { exchange, taken, thoughts } = openConnection(service);
    assert.deepEqual(await exchange(request, request), []);
    assert.equal(thoughts(), 1);
    first.resolve('DEFER');
    await settle();
    assert.deepEqual(taken(), ['DEFER', 'REJECT']);
  });

  test('what cannot be read passes, is reported, and does no harm to the next', async () => {
    const { exchange, reports, endings } = openConnection(echo);
    const strange = rawRequest(['garbage']);
    assert.deepEqual(await exchange(strange, request), ['DUNNO', 'REJECT alice@sender.example 1']);
    assert.deepEqual(reports, ['POLICY_LINE_INVALID']);
    assert.deepEqual(endings, []);
  });

  test('without a service everything passes', async () => {
    const { exchange } = openConnection(undefined, {}, { serviceFor: () => undefined });
    assert.deepEqual(await exchange(request, request), ['DUNNO', 'DUNNO']);
  });
});

describe('a service that fails', () => {
  const error = new Error('broken');
  const throwing = (): never => {
    throw error;
  };

  test('by throwing or rejecting is asked what to say', async () => {
    const seen: unknown[] = [];
    const service = testService(
      (_asked, count) => (count === 1 ? throwing() : Promise.reject(error)),
      {
        failed: (asked, thrown) => {
          seen.push(asked.get('sender'), thrown);
          return 'DEFER broken';
        },
      },
    );
    const { exchange, reports } = openConnection(service);
    assert.deepEqual(await exchange(request, request), ['DEFER broken', 'DEFER broken']);
    assert.deepEqual(reports, ['failed: Error: broken', 'failed: Error: broken']);
    assert.deepEqual(seen, ['alice@sender.example', error, 'alice@sender.example', error]);
  });

  for (const action of ['DUNNO\n\naction=OK', 'REJECT ü', 'REJECT \0'])
    test(`by what is no action, ${JSON.stringify(action)}`, async () => {
      for (const answer of [() => action, () => Promise.resolve(action)]) {
        const { exchange, reports } = openConnection(testService(answer));
        assert.deepEqual(await exchange(request), ['DEFER failed']);
        assert.match(reports.join(), /^failed: PolicyProtocolError: an action that/);
      }
    });

  test('even then lets mail pass', async () => {
    for (const failed of [throwing, () => 'two\nlines']) {
      const { exchange, reports } = openConnection(testService(throwing, { failed }));
      assert.deepEqual(await exchange(request, request), ['DUNNO', 'DUNNO']);
      assert.equal(reports.length, 4);
    }
  });

  test('to make a session is asked what to say, and may try again', async () => {
    let opened = 0;
    const open = (): { requests: number } => (++opened === 1 ? throwing() : { requests: 0 });
    const { exchange } = openConnection(echo, {}, { open });
    const answers = await exchange(request, request, request);
    const [first, ...rest] = answers;
    assert.equal(first, 'DEFER failed');
    assert.deepEqual(rest, ['REJECT alice@sender.example 1', 'REJECT alice@sender.example 2']);
  });

  test('to exist ends the connection, and mail passes', async () => {
    const { exchange, mta, endings } = openConnection(echo, {}, { serviceFor: throwing });
    assert.deepEqual(await exchange(request, request), ['DUNNO']);
    mta.end();
    await settle();
    assert.deepEqual(endings, ['POLICY_INTERNAL']);
  });
});

describe('an answer that is late', () => {
  test('is replaced by what the service says, once, and dropped when it comes', async () => {
    const first = deferred<string>();
    const service = testService((_asked, count) => (count === 1 ? first.promise : 'REJECT'));
    const { exchange, taken, connection, clock, reports } = openConnection(service);
    await exchange(request);
    clock.advance(answerMs - 1);
    assert.equal(connection.tick(), true);
    clock.advance(1);
    assert.equal(connection.tick(), false);
    await settle();
    assert.deepEqual(taken(), ['DEFER late']);
    first.resolve('DEFER much later');
    assert.deepEqual(await exchange(request), ['REJECT']);
    assert.deepEqual(reports, ['late']);
  });

  test('may have been allowed more time', async () => {
    const { exchange, taken, connection, clock } = openConnection({
      ...testService(() => 'DUNNO'),
      answer: (_asked, _session, allowMore) => {
        allowMore(3000);
        return deferred<string>().promise;
      },
    });
    await exchange(request);
    clock.advance(answerMs + 2999);
    assert.equal(connection.tick(), true);
    clock.advance(1);
    assert.equal(connection.tick(), false);
    await settle();
    assert.deepEqual(taken(), ['DEFER late']);
  });

  test('so is an error', async () => {
    const first = deferred<string>();
    const { exchange, taken, connection, clock, reports } = openConnection(
      testService(() => first.promise),
    );
    await exchange(request);
    clock.advance(answerMs);
    connection.tick();
    first.reject(new Error('much later'));
    await settle();
    assert.deepEqual(taken(), ['DEFER late']);
    assert.deepEqual(reports, ['late']);
  });

  test('lets mail pass if the service does not know what to say', async () => {
    const late = (): never => {
      throw new Error('broken');
    };
    const service = testService(() => new Promise(() => undefined), { late });
    const { exchange, taken, connection, clock, reports } = openConnection(service);
    await exchange(request);
    clock.advance(answerMs);
    connection.tick();
    await settle();
    assert.deepEqual(taken(), ['DUNNO']);
    assert.deepEqual(reports, ['late', 'failed: Error: broken']);
  });

  test('each request has its own time', async () => {
    const service = testService(() => new Promise(() => undefined));
    const { exchange, taken, connection, clock } = openConnection(service);
    await exchange(request, request);
    clock.advance(answerMs);
    assert.equal(connection.tick(), true);
    await settle();
    assert.deepEqual(taken(), ['DEFER late']);
    clock.advance(answerMs - 1);
    assert.equal(connection.tick(), true);
    clock.advance(1);
    assert.equal(connection.tick(), false);
    await settle();
    assert.deepEqual(taken(), ['DEFER late']);
  });
});

describe('time', () => {
  test('ends what is idle', async () => {
    const { exchange, connection, clock, endings } = openConnection();
    await exchange(request);
    clock.advance(idleMs - 1);
    connection.tick();
    await settle();
    assert.deepEqual(endings, []);
    clock.advance(1);
    connection.tick();
    await settle();
    assert.deepEqual(endings, ['POLICY_IDLE']);
  });

  test('a request that stays incomplete passes, and the connection ends', async () => {
    const { exchange, taken, connection, clock, mta, endings } = openConnection();
    clock.advance(idleMs - 1);
    assert.deepEqual(await exchange(Buffer.from('request=smtpd')), []);
    clock.advance(requestMs - 1);
    assert.deepEqual(await exchange(Buffer.from('_access_policy\n')), []);
    connection.tick();
    await settle();
    assert.deepEqual(taken(), []);
    clock.advance(1);
    connection.tick();
    await settle();
    assert.deepEqual(taken(), ['DUNNO']);
    assert.deepEqual(await exchange(Buffer.from('\n'), request), [], 'nothing more is answered');
    mta.end();
    await settle();
    assert.deepEqual(endings, ['POLICY_REQUEST_UNFINISHED']);
  });

  test('a peer that does not close then is cut', async () => {
    const { exchange, connection, clock, socket, endings } = openConnection();
    await exchange(Buffer.from('x'));
    clock.advance(requestMs);
    connection.tick();
    clock.advance(9999);
    connection.tick();
    await settle();
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    assert.equal(connection.tick(), false);
    await settle();
    assert.equal(socket.destroyed, true);
    assert.deepEqual(endings, ['POLICY_REQUEST_UNFINISHED']);
  });
});

describe('a request without end', () => {
  test('passes, and the connection ends; what follows is read and dropped', async () => {
    const { exchange, mta, endings, writes } = openConnection(echo, { requestBytes: 600 });
    const long = Buffer.alloc(601, 'x');
    assert.deepEqual(await exchange(request, long), ['REJECT alice@sender.example 1', 'DUNNO']);
    assert.deepEqual(await exchange(long, request, request), []);
    assert.equal(writes(), 1);
    mta.end();
    await settle();
    assert.deepEqual(endings, ['POLICY_REQUEST_TOO_LONG']);
  });
});

describe('the end of a connection', () => {
  test('is normal between requests', async () => {
    const { exchange, mta, endings } = openConnection();
    await exchange(request);
    mta.end();
    await settle();
    assert.deepEqual(endings, ['normal']);
  });

  test('is an error inside a request', async () => {
    const { exchange, mta, endings } = openConnection();
    await exchange(Buffer.from('request='));
    mta.end();
    await settle();
    assert.deepEqual(endings, ['POLICY_REQUEST_TRUNCATED']);
  });

  test('inside a request is one as well if the socket breaks', async () => {
    const { exchange, socket, endings } = openConnection();
    await exchange(Buffer.from('request='));
    socket.destroy(new Error('reset'));
    await settle();
    assert.deepEqual(endings, ['POLICY_REQUEST_TRUNCATED']);
  });

  test('waits for the answers to a peer that has closed its side, as Exim does', async () => {
    const first = deferred<string>();
    const service = testService((_asked, count) => (count === 1 ? first.promise : 'REJECT'));
    const { mta, taken, endings } = openConnection(service);
    mta.end(Buffer.concat([request, request]));
    await settle();
    assert.deepEqual([taken(), endings], [[], []]);
    first.resolve('DEFER');
    await settle();
    assert.deepEqual([taken(), endings], [['DEFER', 'REJECT'], ['normal']]);
  });

  test('comes too late for an answer if the socket is gone', async () => {
    const first = deferred<string>();
    const { exchange, socket, endings, taken } = openConnection(testService(() => first.promise));
    await exchange(request);
    socket.destroy();
    await settle();
    first.resolve('DEFER');
    await settle();
    assert.deepEqual([taken(), endings], [[], ['normal']]);
  });

  test('comes at once when it is drained and idle', async () => {
    const { exchange, connection, endings } = openConnection();
    await exchange(request);
    connection.drain();
    connection.drain();
    await settle();
    assert.deepEqual(endings, ['normal']);
  });

  test('waits for the answer when it is drained and asked', async () => {
    const first = deferred<string>();
    const { exchange, connection, endings, taken } = openConnection(
      testService(() => first.promise),
    );
    await exchange(request);
    connection.drain();
    await settle();
    assert.deepEqual(endings, []);
    first.resolve('DEFER');
    await settle();
    assert.deepEqual([taken(), endings], [['DEFER'], ['normal']]);
  });

  test('waits for the rest of a request when it is drained', async () => {
    const { exchange, connection, endings } = openConnection(echo);
    await exchange(request.subarray(0, 100));
    connection.drain();
    await settle();
    assert.deepEqual(endings, []);
    const rest = request.subarray(100);
    assert.deepEqual(await exchange(rest), ['REJECT alice@sender.example 1']);
    assert.deepEqual(endings, ['normal']);
  });

  test('comes at once when it is destroyed, and only once', async () => {
    const { exchange, connection, endings } = openConnection(
      testService(() => new Promise(() => undefined)),
    );
    await exchange(request);
    connection.destroy();
    connection.destroy();
    connection.drain();
    await settle();
    assert.deepEqual(endings, ['normal']);
  });
});

describe('a peer that does not read', () => {
  test('is cut before its answers take too much memory', async () => {
    const { mta, connection, socket, endings } = openConnection(
      testService(() => `REJECT ${'x'.repeat(400)}`),
      { unreadBytes: 100_000 },
    );
    mta.pause();
    for (let sent = 0; sent < 1000 && endings.length === 0; sent++) {
      mta.write(request);
      await settle();
      assert.ok(socket.writableLength < 101_000);
    }
    assert.deepEqual(endings, ['POLICY_PEER_NOT_READING']);
    connection.tick();
  });

  test('gets what was said before the end, if it reads in time', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const service = testService(() => `REJECT ${'x'.repeat(390)}`);
    const { mta, connection, taken, endings } = openConnection(service);
    mta.pause();
    mta.write(Buffer.concat(Array.from({ length: 200 }, () => request)));
    // Who asks so much at once is heard in parts.
    for (let part = 0; part < 11; part++) await settle().then(() => t.mock.timers.tick(3));
    connection.drain();
    await settle();
    assert.deepEqual(endings, []);
    mta.resume();
    await settle();
    assert.equal(taken().length, 200);
    assert.deepEqual(endings, ['normal']);
  });

  test('and asks on and on while an answer is awaited is not read from either', async () => {
    const first = deferred<string>();
    const service = testService((_asked, count) => (count === 1 ? first.promise : 'DUNNO'));
    const { mta, socket, taken } = openConnection(service, { requestBytes: 1000 });
    // Newer releases of Node.js let ten times as much wait on its way.
    const all = 1000;
    let left = all;
    for (let sent = 0; sent < all; sent++) mta.write(request, () => left--);
    await settle();
    assert.equal(socket.isPaused(), true);
    assert.ok(left > 0);
    first.resolve('DUNNO');
    while (left > 0) await settle();
    await settle();
    assert.equal(socket.isPaused(), false);
    assert.equal(taken().length, all);
  });
});
