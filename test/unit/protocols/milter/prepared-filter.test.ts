import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { prepareFilter } from '../../../../src/protocols/milter/prepared-filter.js';
import type { BodyEvent, HeloEvent } from '../../../../src/protocols/milter/events.js';
import type { MilterContext, MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';

const context: MilterContext = {
  agreement: { version: 6, actions: 0, steps: 0 },
  macro: () => undefined,
  gone: new AbortController().signal,
  allowMore: () => undefined,
};

function readerOf(text: string): PayloadReader {
  return new PayloadReader(Buffer.from(text), 0, Buffer.byteLength(text));
}

describe('prepareFilter', () => {
  test('a handler gets its event decoded, and answers', () => {
    const seen: unknown[] = [];
    const prepared = prepareFilter({
      open: () => 'session',
      helo: (session, event) => {
        seen.push(session, event);
        return replies.tempfail;
      },
    });
    assert.equal(
      prepared.handlers.helo?.('session', readerOf('client\0'), context),
      replies.tempfail,
    );
    assert.deepEqual(seen, ['session', { name: 'client' }]);
  });

  test('an observer gets its event decoded, and returns nothing', () => {
    const seen: unknown[] = [];
    const prepared = prepareFilter({
      open: () => 'session',
      mail: { observe: (...given) => seen.push(...given) },
    });
    assert.equal(prepared.handlers.mail?.('session', readerOf('<>\0'), context), undefined);
    assert.deepEqual(seen, ['session', { address: '<>', args: [] }, context]);
  });

  test('a filter may be an object of a class: handlers are its methods', () => {
    class Counter implements MilterFilter<string> {
      readonly #seen: string[] = [];
      open(): string {
        return 'session';
      }
      helo(_session: string, { name }: HeloEvent): Reply<'continue'> {
        this.#seen.push(name);
        return replies.continue;
      }
      body(_session: string, { chunk }: BodyEvent): Reply<'skip'> {
        this.#seen.push(chunk.toString());
        return replies.skip;
      }
      get seen(): readonly string[] {
        return this.#seen;
      }
    }
    const counter = new Counter();
    const prepared = prepareFilter(counter);
    const answers = [
      prepared.handlers.helo?.('session', readerOf('client\0'), context),
      prepared.handlers.body?.('session', readerOf('text'), context),
      prepared.lastChunk?.('session', { chunk: Buffer.from('last') }, context),
    ];
    assert.deepEqual(answers, [replies.continue, replies.skip, replies.skip]);
    assert.deepEqual(counter.seen, ['client', 'text', 'last']);
  });

  test('what has no handler stays without', () => {
    const prepared = prepareFilter({ open: () => undefined });
    assert.deepEqual(Object.values(prepared.handlers).filter(Boolean), []);
    assert.equal(prepared.lastChunk, undefined);
  });

  test('the last chunk goes to the body handler of either kind', () => {
    const chunks: string[] = [];
    const chunk = Buffer.from('last');
    const answering = prepareFilter({
      open: () => undefined,
      body: (_session, event) => {
        chunks.push(event.chunk.toString());
        return replies.skip;
      },
    });
    const observing = prepareFilter({
      open: () => undefined,
      body: { observe: (_session, event) => chunks.push(event.chunk.toString()) },
    });
    assert.equal(answering.lastChunk?.(undefined, { chunk }, context), replies.skip);
    assert.equal(observing.lastChunk?.(undefined, { chunk }, context), undefined);
    assert.deepEqual(chunks, ['last', 'last']);
  });
});
