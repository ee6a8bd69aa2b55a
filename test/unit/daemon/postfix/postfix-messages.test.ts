import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  PostfixMessages,
  type Visit,
  type VisitedMessage,
} from '../../../../src/daemon/postfix/postfix-messages.js';

interface Message extends VisitedMessage {
  readonly number: number;
}

interface Rig {
  readonly messages: PostfixMessages<Message>;
  readonly connect: () => Visit<Message>;
  /** The number of the message that a request is about. */
  readonly ask: (visit: Visit<Message>, instance: string, client?: string) => number;
  readonly isKnown: (instance: string, client?: string) => boolean;
}

function asked(instance: string, client: string): ReadonlyMap<string, string> {
  return new Map([
    ['instance', instance],
    ['client_address', client],
  ]);
}

function rig(): Rig {
  const messages = new PostfixMessages<Message>();
  let made = 0;
  return {
    messages,
    connect: () => ({ message: undefined }),
    ask: (visit, instance, client = 'a') =>
      messages.visit(visit, asked(instance, client), () => ({
        number: ++made,
        instance,
        isMeantBy: (request) => request.get('client_address') === client,
      })).number,
    isKnown: (instance, client = 'a') => messages.find(asked(instance, client)) !== undefined,
  };
}

describe('requests are about the same message', () => {
  test('with the same instance, one after the other', () => {
    const { ask, connect } = rig();
    const visit = connect();
    assert.deepEqual([ask(visit, 'x'), ask(visit, 'x'), ask(visit, 'y')], [1, 1, 2]);
  });

  test('over the connections of two checks', () => {
    const { ask, connect, messages } = rig();
    const [atRcpt, atData] = [connect(), connect()];
    for (const [instance, number] of [
      ['x', 1],
      ['y', 2],
      ['z', 3],
    ] as const) {
      assert.equal(ask(atRcpt, instance), number);
      assert.equal(ask(atData, instance), number);
    }
    assert.equal(messages.current, 1);
  });

  test('over a connection that took the place of one that was closed', () => {
    const { ask, connect, messages } = rig();
    const visit = connect();
    ask(visit, 'x');
    messages.part(visit);
    assert.equal(messages.current, 0);
    const others = connect();
    for (let i = 0; i < 4000; i++) ask(others, `other ${i}`);
    assert.equal(ask(connect(), 'x'), 1);
  });

  test('when some others came between them', () => {
    const { ask, connect } = rig();
    const visit = connect();
    assert.deepEqual([ask(visit, 'x'), ask(visit, 'y'), ask(visit, 'x')], [1, 2, 1]);
    for (let i = 0; i < 300; i++) ask(visit, `other ${i}`);
    assert.notEqual(ask(visit, 'x'), 1);
  });
});

describe('requests are about different messages', () => {
  test('of two machines with the same instance', () => {
    const { ask, connect, messages, isKnown } = rig();
    const [here, there] = [connect(), connect()];
    assert.deepEqual([ask(here, 'x', 'a'), ask(there, 'x', 'b')], [1, 2]);
    assert.deepEqual([ask(here, 'x', 'a'), ask(there, 'x', 'b')], [1, 2]);
    messages.part(here);
    assert.equal(isKnown('x', 'b'), true);
    messages.part(there);
    assert.equal(messages.current, 0);
  });

  test('where whoever asks does not say', () => {
    const { ask, connect, messages } = rig();
    const visit = connect();
    assert.deepEqual([ask(visit, ''), ask(visit, '')], [1, 2]);
    assert.equal(messages.current, 0);
  });
});

test('a message that is over is forgotten', () => {
  const { ask, connect, messages, isKnown } = rig();
  const visit = connect();
  messages.forget(visit);
  ask(visit, 'x');
  assert.equal(isKnown('x'), true);
  messages.forget(visit);
  assert.equal(isKnown('x'), false);
  assert.equal(ask(visit, 'x'), 2);
  messages.part(visit);
  messages.part(visit);
  assert.equal(messages.current, 0);
});
