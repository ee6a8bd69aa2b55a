import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { ProviderWatch } from '../../../../src/daemon/configuration/provider-watch.js';
import type { Provider } from '../../../../src/lookups/provider-list.js';
import type { SpfNetworks } from '../../../../src/lookups/provider-networks.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { parseNetwork } from '../../../../src/mail/network.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';

const minute = 60_000;
const hour = 60 * minute;

const one: Provider = { name: 'One', domain: 'one.test', reason: 'pool', date: '2026-11-28' };
const two: Provider = { name: 'Two', domain: 'two.test', reason: 'pool', date: '2026-11-28' };

function found(...texts: readonly string[]): SpfNetworks {
  return {
    networks: texts.map((text) => {
      const network = parseNetwork(text);
      assert.ok(network);
      return { network, term: `ip4:${text}` };
    }),
    problems: [],
  };
}

const failure: SpfNetworks = { networks: [], problems: ['no answer in time'] };

function createRig(t: TestContext, providers: readonly Provider[] = [one, two]) {
  const clock = createManualClock();
  const logger = createRecordingLogger(t);
  const answers = new Map<string, SpfNetworks | Promise<SpfNetworks>>();
  const asked: string[] = [];
  let closed = 0;
  const collector = {
    collect: async (domain: string): Promise<SpfNetworks> => {
      asked.push(domain);
      return (await answers.get(domain)) ?? failure;
    },
    close: () => {
      closed++;
    },
  };
  const loadCollector = () => Promise.resolve(collector);
  const watch = new ProviderWatch({ providers, loadCollector, clock, logger });
  t.after(() => watch.stop());
  return {
    clock,
    logger,
    answers,
    watch,
    find: (text: string): string | undefined => {
      const address = parseIpAddress(text);
      assert.ok(address);
      const match = watch.find(address);
      return match && `${match.provider.name} ${match.term}`;
    },
    takeAsked: (): readonly string[] => asked.splice(0),
    closed: (): number => closed,
  };
}

describe('large senders', () => {
  test('are known by their networks once they are looked up', async (t) => {
    const { answers, watch, find } = createRig(t);
    answers.set('one.test', found('192.0.2.0/24', '2001:db8::/32'));
    answers.set('two.test', found('192.0.2.128/25'));
    assert.equal(find('192.0.2.1'), undefined);
    await watch.refresh();
    assert.equal(find('192.0.2.1'), 'One ip4:192.0.2.0/24');
    assert.equal(find('192.0.2.129'), 'Two ip4:192.0.2.128/25');
    assert.equal(find('2001:db8::1'), 'One ip4:2001:db8::/32');
    assert.equal(find('198.51.100.1'), undefined);
  });

  test('are looked up again after four hours', async (t) => {
    const { clock, answers, watch, find, takeAsked } = createRig(t, [one]);
    answers.set('one.test', found('192.0.2.0/24'));
    await watch.refresh();
    answers.set('one.test', found('198.51.100.0/24'));
    clock.advance(4 * hour - 1);
    await watch.refresh();
    assert.deepEqual(takeAsked(), ['one.test']);
    clock.advance(1);
    await watch.refresh();
    assert.deepEqual(takeAsked(), ['one.test']);
    assert.equal(find('192.0.2.1'), undefined);
    assert.equal(find('198.51.100.1'), 'One ip4:198.51.100.0/24');
    clock.advance(-hour);
    await watch.refresh();
    assert.deepEqual(takeAsked(), ['one.test'], 'the clock was set back');
  });

  test('without an answer stay as they were for a day, and are asked for again soon', async (t) => {
    const { clock, logger, answers, watch, find, takeAsked } = createRig(t);
    answers.set('one.test', found('192.0.2.0/24'));
    answers.set('two.test', found('198.51.100.0/24'));
    await watch.refresh();
    clock.advance(4 * hour);
    answers.set('one.test', { networks: found('192.0.2.7').networks, problems: ['a gap'] });
    await watch.refresh();
    assert.equal(find('192.0.2.1'), 'One ip4:192.0.2.0/24');
    const { fields } = logger.take('large senders cannot be looked up');
    assert.deepEqual(fields, { providers: 'One', problem: 'a gap' });
    takeAsked();
    const pauses: number[] = [];
    for (let pause = 0; pauses.length < 9; pause++) {
      clock.advance(minute);
      await watch.refresh();
      if (takeAsked().includes('one.test')) {
        pauses.push(pause + 1);
        pause = -1;
      }
    }
    assert.deepEqual(pauses, [2, 4, 8, 16, 32, 64, 128, 240, 240]);
    assert.equal(find('192.0.2.1'), 'One ip4:192.0.2.0/24');
    clock.advance(8 * hour);
    await watch.refresh();
    assert.equal(find('192.0.2.1'), undefined);
    assert.equal(find('192.0.2.7'), 'One ip4:192.0.2.7', 'better than nothing');
    assert.equal(find('198.51.100.1'), 'Two ip4:198.51.100.0/24');
  });

  test('are complained of once, and again when it is others', async (t) => {
    const { clock, logger, answers, watch } = createRig(t);
    await watch.refresh();
    const { fields } = logger.take('large senders cannot be looked up');
    assert.deepEqual(fields, { providers: 'all', problem: 'no answer in time' });
    clock.advance(hour);
    await watch.refresh();
    answers.set('one.test', found('192.0.2.0/24'));
    clock.advance(hour);
    await watch.refresh();
    assert.equal(
      logger.take('large senders cannot be looked up').fields['providers'],
      'Two',
      'nothing in between',
    );
  });

  test('are looked up once at a time; what is stopped is not complained of', async (t) => {
    const { answers, watch, find, takeAsked, closed } = createRig(t, [one]);
    let settle: (value: SpfNetworks) => void = () => undefined;
    answers.set('one.test', new Promise((resolve) => (settle = resolve)));
    watch.start();
    watch.start();
    const refreshing = watch.refresh();
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(takeAsked(), ['one.test']);
    watch.stop();
    settle(failure);
    await refreshing;
    assert.equal(closed(), 1);
    answers.set('one.test', found('192.0.2.0/24'));
    await watch.refresh();
    assert.equal(find('192.0.2.1'), 'One ip4:192.0.2.0/24', 'nothing was taken for an answer');
  });

  test('stay unknown if nobody can be asked', async (t) => {
    const clock = createManualClock();
    const logger = createRecordingLogger(t);
    const loadCollector = () => Promise.reject(new Error('no resolver'));
    const watch = new ProviderWatch({ providers: [one], loadCollector, clock, logger });
    await watch.refresh();
    watch.stop();
    const { fields } = logger.take('large senders cannot be looked up');
    assert.equal(fields['error'], 'no resolver');
  });
});
