import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { wishesOf } from '../../../../src/protocols/milter/negotiation.js';
import { MilterServer } from '../../../../src/protocols/milter/server.js';
import {
  readConversations,
  type Conversation,
} from '../../../fixtures/traces/read-conversations.js';
import { packet, splitPackets } from '../../../support/packet-builder.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { openConnection, recordingFilter, settle } from './filter-harness.js';
import { eventOf, filterLike, recordedEvents, recordedSteps } from './recorded-dialogue.js';

const conversations = readConversations();

function sentBy({ packets }: Conversation): { readonly command: string; readonly bytes: Buffer }[] {
  return packets
    .filter(({ from }) => from === 'mta')
    .map(({ command, payload }) => ({ command, bytes: packet(command, payload) }));
}

/** One answer for the offer and each event, none for macros, ABORT and QUIT. */
function answersTo(conversation: Conversation): string {
  return sentBy(conversation)
    .map(({ command }) => (command === 'O' ? 'O' : eventOf(command) === undefined ? '' : 'c'))
    .join('');
}

/** The order of changes is ours, and has tests of its own. */
function inRecordedForm(answers: readonly Buffer[]): string[] {
  const digits = answers.map((bytes) => bytes.toString('hex'));
  const progress = digits.filter((answer) => answer === '0000000170');
  const changes = digits.slice(progress.length, -1).sort();
  return [...progress, ...changes, ...digits.slice(-1)];
}

function titleOf({ mta, name }: Conversation): string {
  return `${mta} ${name}`;
}

describe('every recorded conversation, replayed to a filter that handles everything', () => {
  test('one answer for each event, none for anything else, no error', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    for (const conversation of conversations) {
      const { filter } = recordingFilter();
      const harness = openConnection(filter);
      harness.mta.end(Buffer.concat(sentBy(conversation).map(({ bytes }) => bytes)));
      for (let turns = 0; turns < 100 && harness.endings.length === 0; turns++) {
        await settle();
        // Who says so much at once is heard in parts.
        t.mock.timers.tick(3);
      }
      const answers = harness.packets.map(({ command }) => command).join('');
      assert.equal(answers, answersTo(conversation), titleOf(conversation));
      assert.deepEqual(harness.endings, ['normal'], titleOf(conversation));
      assert.deepEqual(harness.failures, []);
    }
  });

  test('through a server on a Unix socket, many at once', async (t) => {
    const path = join(createTempDirectory(t), 'm.sock');
    const errors: (string | undefined)[] = [];
    const server = new MilterServer({
      filter: () => recordingFilter().filter,
      observer: { disconnected: (error) => errors.push(error?.code) },
    });
    const listener = createServer();
    server.attach(listener);
    listener.listen(path);
    await once(listener, 'listening');
    const replay = async (conversation: Conversation): Promise<void> => {
      const socket = connect(path);
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      socket.end(Buffer.concat(sentBy(conversation).map(({ bytes }) => bytes)));
      await once(socket, 'close');
      const answers = splitPackets(Buffer.concat(received)).map(({ command }) => command);
      assert.equal(answers.join(''), answersTo(conversation), titleOf(conversation));
    };
    for (let at = 0; at < conversations.length; at += 20) {
      await Promise.all(conversations.slice(at, at + 20).map(replay));
    }
    listener.close();
    await server.drain(5000);
    assert.deepEqual(new Set(errors), new Set([undefined]));
    assert.equal(errors.length, conversations.length);
  });
});

describe('every recorded conversation, replayed to a filter that answers as the recorded one', () => {
  for (const conversation of conversations) {
    test(titleOf(conversation), async () => {
      const steps = recordedSteps(conversation);
      const planned = recordedEvents(conversation, steps);
      const left = [...planned];
      const filter = filterLike(steps, (event) => {
        const next = left.shift();
        assert.equal(next?.event, event, 'events come in the recorded order');
        return next;
      });
      const wanted = wishesOf(filter).steps & ~0x400;
      assert.equal(wanted & ~steps, 0, 'nothing is asked for that was not');
      assert.equal((wanted ^ steps) & 0x37f, 0, 'the same events are suppressed');
      const harness = openConnection(filter);
      const events = planned.values();
      for (const { command, bytes } of sentBy(conversation)) {
        harness.mta.write(bytes);
        await settle();
        const answers = harness.packets
          .splice(0)
          .map((answer) => packet(answer.command, answer.payload));
        if (command === 'O') {
          assert.equal(answers.length, 1);
          continue;
        }
        const event = eventOf(command) === undefined ? undefined : events.next().value;
        assert.deepEqual(inRecordedForm(answers), event?.packets ?? [], `after ${command}`);
      }
      harness.mta.end();
      await settle();
      assert.deepEqual(harness.endings, ['normal']);
      assert.deepEqual(harness.incidents, []);
      assert.deepEqual(harness.failures, []);
      assert.deepEqual(left, []);
    });
  }
});
