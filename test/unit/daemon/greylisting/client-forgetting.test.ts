import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientAutowhiteKey } from '../../../../src/greylist/client-autowhite-key.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
} from '../../../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../../../src/greylist/correspondence-key.js';
import { ClientForgetting } from '../../../../src/daemon/greylisting/client-forgetting.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

const network = { ipv4: 24, ipv6: 64 };

const cause = (id: string) => ({ id, rule: 'spam', line: 12 });

function address(text: string) {
  const parsed = parseIpAddress(text);
  assert.ok(parsed);
  return parsed;
}

function sourcesOf(store: Pick<MemoryStore, 'get'>, key: string) {
  const entry = store.get(key);
  return entry === undefined ? [] : [...decodeCorrespondence(entry.value).sources];
}

function rig() {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const logger = Object.assign(new RecordingLogger(), { isDebug: true });
  const forgetting = new ClientForgetting(store, logger);
  const keep = async (sender: string, ...clients: readonly string[]): Promise<string> => {
    const client = address(clients[0] ?? '192.0.2.1');
    const key = correspondenceKey({ sender, recipient: 'bob@example.org', client, network });
    const now = clock.now();
    const sources = clients.map((text) => ({
      ...{ address: address(text), prefix: 24, name: undefined, attempts: 1, passedAt: undefined },
      ...{ firstSeenAt: now, lastSeenAt: now, expiresAt: now + 3_600_000 },
    }));
    const value = encodeCorrespondence({ series: undefined, sources });
    await store.compareAndSet(key, undefined, { value, expiresAt: now + 7_200_000 });
    return key;
  };
  const forgotten = () =>
    logger.entries
      .filter(({ message }) => message === 'client forgotten')
      .map(({ fields }) => [fields['client'], fields['removed']]);
  return { clock, store, logger, forgetting, keep, forgotten };
}

test('all records of exactly this address go, others and other sources of a pair stay', async () => {
  const { store, logger, forgetting, keep, forgotten, clock } = rig();
  const alone = await keep('a@s.example', '192.0.2.1');
  const shared = await keep('b@s.example', '192.0.2.1', '198.51.100.1');
  const other = await keep('c@s.example', '192.0.2.2');
  const earned = clientAutowhiteKey({
    ...{ count: 'address', client: address('192.0.2.1'), network, senderDomain: '' },
  });
  const value = new Uint8Array(1);
  await store.compareAndSet(earned, undefined, { value, expiresAt: clock.now() + 1000 });
  forgetting.forget(address('192.0.2.1'), cause('q1'));
  forgetting.forget(address('192.0.2.1'), cause('q2'));
  await forgetting.settled();
  assert.equal(store.get(alone), undefined);
  assert.equal(store.get(earned), undefined);
  assert.ok(store.get(other));
  assert.ok(store.get(shared));
  assert.deepEqual(forgotten(), [['192.0.2.1', 2]]);
  assert.deepEqual(logger.entries.at(-1)?.fields, {
    ...cause('q1'),
    client: '192.0.2.1',
    removed: 2,
  });
});

test('who begins meanwhile with a pair that is forgotten stays', async () => {
  const { clock, store, logger, keep } = rig();
  const key = await keep('a@s.example', '192.0.2.1');
  const [first] = sourcesOf(store, key);
  assert.ok(first);
  const newcomer = { ...first, address: address('198.51.100.9') };
  const racing = {
    get: (asked: string) => store.get(asked),
    delete: (asked: string) => store.delete(asked),
    compareAndSet: store.compareAndSet.bind(store),
    async *scan() {
      for await (const scanned of store.scan()) {
        const sources = [...sourcesOf(store, key), newcomer];
        const value = encodeCorrespondence({ series: undefined, sources });
        const expiresAt = clock.now() + 7_200_000;
        assert.ok(await store.compareAndSet(key, store.get(key), { value, expiresAt }));
        yield scanned;
      }
    },
  };
  const forgetting = new ClientForgetting(racing, logger);
  forgetting.forget(address('192.0.2.1'), cause('q1'));
  await forgetting.settled();
  const left = sourcesOf(store, key);
  assert.deepEqual(
    left.map((source) => source.address.text),
    ['198.51.100.9'],
  );
});

test('each triplet that goes is told of at debug level', async () => {
  const { logger, forgetting, keep } = rig();
  await keep('a@s.example', '192.0.2.1', '198.51.100.1');
  forgetting.forget(address('192.0.2.1'), cause('q1'));
  await forgetting.settled();
  const told = logger.entries.filter(({ message }) => message === 'triplet forgotten');
  const fields = { client: '192.0.2.1', from: 'a@s.example', to: 'bob@example.org' };
  assert.deepEqual(
    told.map((entry) => [entry.level, entry.fields]),
    [['debug', fields]],
  );
});

test('those that come together are forgotten by one scan', async () => {
  const { store, forgetting, keep, forgotten } = rig();
  await keep('a@s.example', '192.0.2.1');
  await keep('b@s.example', '198.51.100.1');
  let scans = 0;
  const scan = store.scan.bind(store);
  store.scan = (after) => {
    scans++;
    return scan(after);
  };
  forgetting.forget(address('192.0.2.1'), cause('q1'));
  forgetting.forget(address('198.51.100.1'), cause('q2'));
  await forgetting.settled();
  assert.equal(scans, 1);
  assert.deepEqual(forgotten(), [
    ['192.0.2.1', 1],
    ['198.51.100.1', 1],
  ]);
});

test('an outage is an error in the log, and a stop ends it', async () => {
  const { store, forgetting, logger, forgotten } = rig();
  store.scan = () => {
    throw new Error('away');
  };
  forgetting.forget(address('192.0.2.1'), cause('q1'));
  await forgetting.settled();
  logger.take('clients cannot be forgotten');
  await forgetting.stop();
  forgetting.forget(address('192.0.2.1'), cause('q2'));
  await forgetting.settled();
  assert.deepEqual(forgotten(), []);
  logger.assertQuiet();
});
