import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  bestMap,
  formatEndpoint,
  parseClusterInfo,
  parseRedirect,
  parseSlotRanges,
} from '../../../../src/store/redis/cluster-map.js';
import { keySlot } from '../../../../src/store/redis/key-slot.js';
import {
  formatPlace,
  hashesOf,
  parsePlace,
  shortHash,
} from '../../../../src/store/redis/scan-place.js';
import { parseServerTime } from '../../../../src/store/redis/server-time.js';
import { decodeValue, encodeValue } from '../../../../src/store/redis/redis-value.js';

const asked = { host: '192.0.2.6', port: 7000 };

describe('what nodes of a Cluster say', () => {
  test('the slot of a key, by the examples of the specification', () => {
    const slots = { '123456789': 12739, foo: 12182, '{user1000}.following': 3443 };
    for (const [key, slot] of Object.entries(slots)) assert.equal(keySlot(Buffer.from(key)), slot);
    const same = ['{user1000}.following', 'a{user1000}{b}', 'user1000'];
    assert.deepEqual(new Set(same.map((key) => keySlot(Buffer.from(key)))).size, 1);
    // Nothing in the braces, or no second one: all of the key counts.
    for (const key of ['foo{}{bar}', 'foo{bar']) {
      assert.notEqual(keySlot(Buffer.from(key)), keySlot(Buffer.from('bar')));
    }
  });

  test('ranges of slots, and hosts that a node does not know', () => {
    const node = (host: unknown, port: number): unknown[] => [host, port, Buffer.from('id'), []];
    const reply = [
      [0, 99, node(Buffer.from('192.0.2.7'), 7001), node('', 7002)],
      [100, 16383, node(null, 7003), node(Buffer.from('?'), 7004), 'garbled', ['x', 'y']],
    ];
    assert.deepEqual(parseSlotRanges(reply, asked), [
      {
        first: 0,
        last: 99,
        primary: { host: '192.0.2.7', port: 7001 },
        replicas: [{ host: '192.0.2.6', port: 7002 }],
      },
      {
        first: 100,
        last: 16383,
        primary: { host: '192.0.2.6', port: 7003 },
        replicas: [{ host: '192.0.2.6', port: 7004 }],
      },
    ]);
    for (const wrong of [undefined, 'x', ['x'], [[0, 1]], [[0, 16384, node('a', 1)]]])
      assert.deepEqual(parseSlotRanges(wrong, asked), []);
  });

  test('how they are, and whom to believe', () => {
    const ok = parseClusterInfo('cluster_state:ok\r\ncluster_current_epoch:6\r\n');
    assert.deepEqual(ok, { isOk: true, epoch: 6 });
    assert.deepEqual(parseClusterInfo('cluster_state:fail'), { isOk: false, epoch: 0 });
    const ranges = [{ first: 0, last: 1, primary: asked, replicas: [] }];
    const cutOff = { ranges, isOk: false, epoch: 9 };
    const old = { ranges, isOk: true, epoch: 5 };
    const best = { ranges, isOk: true, epoch: 6 };
    const empty = { ranges: [], isOk: true, epoch: 10 };
    assert.equal(bestMap([cutOff, old, best, empty]), best);
    assert.equal(bestMap([empty]), undefined);
  });

  test('who has a slot', () => {
    const cases = [
      ['MOVED 3999 192.0.2.8:6381', { host: '192.0.2.8', port: 6381 }],
      ['ASK 3999 [2001:db8::8]:6381', { host: '2001:db8::8', port: 6381 }],
      ['MOVED 3999 :6381', { host: '192.0.2.6', port: 6381 }],
      ['MOVED somewhere', undefined],
    ] as const;
    for (const [message, endpoint] of cases)
      assert.deepEqual(parseRedirect(message, asked), endpoint);
    assert.equal(formatEndpoint(asked), '192.0.2.6:7000');
    assert.equal(formatEndpoint({ host: '2001:db8::6', port: 1 }), '[2001:db8::6]:1');
  });
});

test('a place in a scan is read as it was written', () => {
  const hashes = ['a', 'b'].map((key) => shortHash(Buffer.from(key)));
  const place = { firstSlot: 5462, run: '0123abcd', cursor: '17', yielded: hashes.join('') };
  assert.deepEqual(parsePlace(formatPlace(place)), place);
  assert.deepEqual([...hashesOf(place)], hashes);
});

test("the server's time is seconds and microseconds", () => {
  assert.equal(
    parseServerTime([Buffer.from('1700000000'), Buffer.from('250000')]),
    1_700_000_000_250,
  );
  for (const wrong of [undefined, [], ['x', 'y'], ['1']])
    assert.equal(parseServerTime(wrong), undefined);
});

test('a value is a byte for the format, the second of expiry and the record', () => {
  const bytes = encodeValue({ value: Uint8Array.of(1, 2), expiresAt: 100_000 });
  assert.deepEqual([...bytes], [1, 0, 0, 0, 100, 1, 2]);
  assert.deepEqual(decodeValue(bytes), {
    value: Buffer.of(1, 2),
    expiresAt: 100_000,
    commit: undefined,
  });
  assert.deepEqual(decodeValue(Buffer.of(2, 0, 0, 0, 1)), { format: 2 });
  assert.deepEqual(decodeValue(Buffer.of(1, 0)), { format: 1 });
  assert.deepEqual(decodeValue(Buffer.of()), { format: undefined });
});
