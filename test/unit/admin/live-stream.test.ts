import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { createLiveStream } from '../../../src/admin/live-stream.js';

class Events {
  #tell: ((event: number) => void) | undefined;

  get isHeard(): boolean {
    return this.#tell !== undefined;
  }

  tell(event: number): void {
    this.#tell?.(event);
  }

  open(heartbeatMs?: number): ReadableStreamDefaultReader<Uint8Array> {
    return createLiveStream<number>({
      listen: (tell) => {
        this.#tell = tell;
        return () => (this.#tell = undefined);
      },
      show: (number) => ({ number }),
      ...(heartbeatMs !== undefined && { heartbeatMs }),
    }).getReader();
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<readonly string[]> {
  const { value } = await reader.read();
  return Buffer.from(value ?? [])
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

describe('a live stream', () => {
  test('begins with a line, and has what happens from then on', async () => {
    const events = new Events();
    const reader = events.open();
    assert.equal(events.isHeard, false, 'nobody has read yet');
    const [first = ''] = await next(reader);
    assert.match(first, /^\{"at":"\S+Z"\}$/);
    events.tell(1);
    events.tell(2);
    assert.deepEqual(await next(reader), ['{"number":1}', '{"number":2}']);
    const later = next(reader);
    events.tell(3);
    assert.deepEqual(await later, ['{"number":3}']);
    await reader.cancel();
  });

  test('shows that it lives while nothing happens', async () => {
    const reader = new Events().open(1);
    await next(reader);
    assert.match((await next(reader)).join(), /^\{"at":/);
    await reader.cancel();
  });

  test('drops what a slow reader cannot take, and says how much that was', async () => {
    const events = new Events();
    const reader = events.open();
    await next(reader);
    for (let number = 0; number < 1007; number++) events.tell(number);
    const lines = await next(reader);
    assert.deepEqual(
      [lines.length, lines[999], lines[1000]],
      [1001, '{"number":999}', '{"lost":7}'],
    );
    events.tell(2000);
    assert.deepEqual(await next(reader), ['{"number":2000}']);
    await reader.cancel();
  });

  test('listens no more once its reader has gone, also in the middle of a wait', async () => {
    const events = new Events();
    const reader = events.open();
    await next(reader);
    const waiting = reader.read();
    await reader.cancel();
    assert.equal((await waiting).done, true);
    assert.equal(events.isHeard, false);
  });
});
