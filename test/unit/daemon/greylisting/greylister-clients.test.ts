import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import type { ClientVisit } from '../../../../src/daemon/greylisting/client-visit.js';
import {
  Greylister,
  type Judgement,
  type Question,
} from '../../../../src/daemon/greylisting/greylister.js';
import type { ClientAutowhiteSettings } from '../../../../src/greylist/client-autowhite.js';
import { decodeClientAutowhite } from '../../../../src/greylist/client-autowhite-codec.js';
import { clientAutowhiteKey } from '../../../../src/greylist/client-autowhite-key.js';
import { DAY, HOUR, SETTINGS } from '../../../support/greylist-settings.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';
import { from } from '../../greylist/history.js';
import { HookedStore } from '../hooked-store.js';

const delay = SETTINGS.delayMs;
const autowhite: ClientAutowhiteSettings = {
  after: 2,
  count: 'address',
  domains: 2,
  spacingMs: HOUR,
  forMs: 36 * DAY,
};

interface Who {
  readonly address?: string;
  readonly name?: string;
  readonly domain?: string;
  /** The pair's key. */
  readonly key?: string;
}

interface Rig {
  readonly store: HookedStore;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly greylister: Greylister;
  readonly judge: (who?: Who, more?: Partial<Question>) => Promise<string>;
  readonly visit: (who?: Who) => ClientVisit;
  /** A first attempt, and a retry after the delay. */
  readonly passFirst: (who?: Who, more?: Partial<Question>) => Promise<void>;
  /** Two first passes from two domains. */
  readonly makeExempt: () => Promise<void>;
  readonly points: (who?: Who) => number | undefined;
}

function createRig(t: TestContext, changed: Partial<ClientAutowhiteSettings> = {}): Rig {
  const settings = { ...autowhite, ...changed };
  const clock = createManualClock();
  const store = new HookedStore(new MemoryStore({ clock }));
  const logger = createRecordingLogger(t);
  const greylister = new Greylister(store, logger, clock);
  const visit = ({ address = '192.0.2.1', name, domain = 'a.example' }: Who = {}): ClientVisit => {
    const { address: client } = from(address);
    const { count } = settings;
    const network = { ipv4: 24, ipv6: 64 };
    return {
      key: clientAutowhiteKey({ count, client, network, senderDomain: domain }),
      visit: { host: { address: client, name }, domain, sender: `joe@${domain}` },
      settings,
    };
  };
  const judge: Rig['judge'] = async (who = {}, more = {}) => {
    const found: Judgement = await greylister.judge({
      key: who.key ?? `c\0${who.domain ?? 'a.example'}`,
      source: from(who.address ?? '192.0.2.1'),
      settings: SETTINGS,
      failure: { onFailure: 'accept' },
      now: clock.now(),
      client: visit(who),
      countsForClient: true,
      ...more,
    });
    return found.kind === 'undecided' ? `undecided: ${found.verdict}` : found.reason;
  };
  const passFirst: Rig['passFirst'] = async (who, more) => {
    assert.equal(await judge(who, more), 'greylist-new');
    clock.advance(delay);
    assert.equal(await judge(who, more), 'greylist-passed');
    await turn();
  };
  const makeExempt = async (): Promise<void> => {
    await passFirst();
    clock.advance(HOUR);
    await passFirst({ domain: 'b.example' });
  };
  const points: Rig['points'] = (who) => {
    const stored = store.inner.committed.get(visit(who).key);
    return stored && decodeClientAutowhite(stored.value).points;
  };
  return { store, clock, logger, greylister, judge, visit, passFirst, makeExempt, points };
}

/** Of whom the log tells this. */
function clientTold({ logger }: Rig, message: string): unknown {
  return logger.entries.find((entry) => entry.message === message)?.fields['client'];
}

describe('a client whose triplets pass one after the other', () => {
  test('passes without a triplet', async (t) => {
    const rig = createRig(t);
    await rig.makeExempt();
    const before = rig.store.inner.committed.size;
    assert.equal(await rig.judge({ domain: 'c.example' }), 'client-autowhite');
    assert.equal(rig.store.inner.committed.size, before);
    assert.deepEqual(clientTold(rig, 'client is exempt from now on'), '192.0.2.1');
  });

  test('passes also where a triplet of it waits, and by one that is known costs no more', async (t) => {
    const rig = createRig(t);
    await rig.passFirst();
    assert.equal(await rig.judge({ domain: 'c.example' }), 'greylist-new');
    rig.clock.advance(HOUR);
    await rig.passFirst({ domain: 'b.example' });
    assert.equal(await rig.judge({ domain: 'c.example' }), 'client-autowhite');
    const asked: string[] = [];
    rig.store.onGet = (key) => {
      asked.push(key);
      return rig.store.inner.get(key);
    };
    assert.equal(await rig.judge(), 'greylist-known');
    assert.deepEqual(asked, ['c\0a.example']);
  });

  test('is one address: its neighbour waits', async (t) => {
    const rig = createRig(t);
    await rig.makeExempt();
    assert.equal(await rig.judge({ address: '192.0.2.2', domain: 'c.example' }), 'greylist-new');
  });

  test('earns nothing by mail of which nothing counts', async (t) => {
    const rig = createRig(t);
    await rig.passFirst({}, { countsForClient: false });
    assert.equal(rig.points(), undefined);
    await rig.passFirst({ domain: 'b.example' }, { client: undefined });
    assert.equal(rig.points(), undefined);
  });

  test('earns one point for all recipients of a message', async (t) => {
    const rig = createRig(t);
    const keys = ['c\0one', 'c\0two', 'c\0three'];
    for (const key of keys) await rig.judge({ key });
    rig.clock.advance(delay);
    const told = await Promise.all(keys.map((key) => rig.judge({ key })));
    assert.deepEqual(new Set(told), new Set(['greylist-passed']));
    assert.equal(rig.points(), 1);
  });

  test('has its point stored in the turn of its triplet', async (t) => {
    const rig = createRig(t);
    await rig.judge();
    rig.clock.advance(delay);
    const { onSet } = rig.store;
    const stored: string[] = [];
    rig.store.onSet = (key, ...rest) => {
      stored.push(key);
      return onSet(key, ...rest);
    };
    const answer = rig.judge();
    // No turn has passed yet: the store gathers them.
    assert.deepEqual(stored, ['c\0a.example', 'a192.0.2.1']);
    assert.equal(await answer, 'greylist-passed');
  });

  test('is renewed by its mail', async (t) => {
    const rig = createRig(t);
    await rig.makeExempt();
    for (let day = 0; day < 80; day++) {
      rig.clock.advance(DAY);
      assert.equal(await rig.judge({ domain: 'c.example' }), 'client-autowhite', `day ${day}`);
      await turn();
    }
    rig.clock.advance(36 * DAY);
    assert.equal(await rig.judge({ domain: 'c.example' }), 'greylist-new');
  });

  test('loses it once it is listed or refused', async (t) => {
    const rig = createRig(t);
    await rig.makeExempt();
    rig.greylister.forgetClient(rig.visit());
    await turn();
    await turn();
    assert.equal(rig.points(), undefined);
    assert.equal(await rig.judge({ domain: 'c.example' }), 'greylist-new');
    assert.equal(clientTold(rig, 'client is no longer exempt'), '192.0.2.1');
    // Nothing to lose.
    rig.greylister.forgetClient(rig.visit());
    rig.greylister.forgetClient(undefined);
  });
});

describe('where networks are counted', () => {
  const one = { name: '1.mail.example.com' };
  const two = { address: '192.0.2.2', name: '2.mail.example.com', domain: 'b.example' };

  test('hosts of one site pass, and their neighbours do not', async (t) => {
    const rig = createRig(t, { count: 'network' });
    await rig.passFirst(one);
    rig.clock.advance(HOUR);
    await rig.passFirst(two);
    const third = { address: '192.0.2.3', domain: 'c.example' };
    assert.equal(await rig.judge({ ...third, name: '3.mail.example.com' }), 'client-autowhite');
    assert.equal(await rig.judge({ ...third, name: 'mx.else.example.org' }), 'greylist-new');
    const generated = '192-0-2-3.mail.example.com';
    assert.equal(await rig.judge({ ...third, name: generated }), 'greylist-early');
  });
});

describe('a store that fails', () => {
  test('or is remote, answers the same', async (t) => {
    const rig = createRig(t);
    rig.store.onGet = async (key) => {
      await turn();
      return rig.store.inner.get(key);
    };
    await rig.passFirst();
    rig.clock.advance(HOUR);
    await rig.passFirst({ domain: 'b.example' });
    await turn();
    await turn();
    assert.equal(await rig.judge({ domain: 'c.example' }), 'client-autowhite');
  });

  test('costs a point, and no answer', async (t) => {
    const rig = createRig(t);
    await rig.judge();
    rig.clock.advance(delay);
    const { onSet } = rig.store;
    rig.store.onSet = (key, ...rest) =>
      key.startsWith('a') ? Promise.reject(new Error('it is full')) : onSet(key, ...rest);
    assert.equal(await rig.judge(), 'greylist-passed');
    await turn();
    assert.equal(rig.points(), undefined);
  });

  test('costs a point also where it always says that another host was faster', async (t) => {
    const rig = createRig(t);
    await rig.judge();
    rig.clock.advance(delay);
    const { onSet } = rig.store;
    rig.store.onSet = (key, ...rest) =>
      key.startsWith('a') ? Promise.resolve(false) : onSet(key, ...rest);
    assert.equal(await rig.judge(), 'greylist-passed');
  });

  test('costs an exemption, and no more', async (t) => {
    const rig = createRig(t);
    await rig.makeExempt();
    for (const fail of [
      () => {
        throw new Error('it is away');
      },
      () => Promise.reject(new Error('it is away')),
    ]) {
      rig.store.onGet = (key) => (key.startsWith('a') ? fail() : rig.store.inner.get(key));
      assert.match(await rig.judge({ domain: 'c.example' }), /^greylist-(new|early)$/);
    }
  });

  test('a damaged record costs the points, and is mended', async (t) => {
    const rig = createRig(t);
    const { key } = rig.visit();
    const value = Buffer.of(0);
    const expiresAt = rig.clock.now() + DAY;
    await rig.store.inner.compareAndSet(key, undefined, { value, expiresAt });
    assert.equal(await rig.judge(), 'greylist-new');
    rig.clock.advance(delay);
    assert.equal(await rig.judge(), 'greylist-passed');
    await turn();
    assert.equal(rig.points(), 1);
    for (let n = 0; n < 3; n++) rig.logger.take('record cannot be read');
  });

  test('a record of a newer version counts for nothing, and is left as it is', async (t) => {
    const rig = createRig(t);
    const { key } = rig.visit();
    const value = Buffer.of(2, 7);
    const expiresAt = rig.clock.now() + DAY;
    await rig.store.inner.compareAndSet(key, undefined, { value, expiresAt });
    assert.equal(await rig.judge(), 'greylist-new');
    rig.clock.advance(delay);
    assert.equal(await rig.judge(), 'greylist-passed');
    await turn();
    for (let n = 0; n < 3; n++) rig.logger.take('record cannot be read');
    assert.deepEqual(rig.store.inner.committed.get(key)?.value, Uint8Array.from(value));
  });
});
