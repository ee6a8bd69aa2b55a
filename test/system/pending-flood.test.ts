import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { isCorrespondenceKey } from '../../src/greylist/correspondence-key.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { openFaultyStore, type FaultyStore } from '../support/faulty-store.js';
import { deliver, waitFor } from './smtp-session.js';

const flooded =
  'more pending triplets than limits.pending-per-network: new ones of this network are put off without being remembered';
const full = 'more pending triplets than limits.pending: new ones pass without greylisting';
const delay = 180_000;

/** One mail, as Sendmail or Postfix shows it: whether it passes or waits. */
type Attempt = (daemon: TestDaemon, address: string, name: string) => Promise<string>;

const byMilter: Attempt = async (daemon, address, name) => {
  const { rcpt } = await deliver(daemon, { client: { address }, from: `${name}@client.example` });
  const [told = 'nothing'] = rcpt;
  if (told === 'continue') return 'passes';
  return told === waitFor(180) ? 'waits' : told;
};

const byPolicy: Attempt = async (daemon, address, name) => {
  const peer = daemon.askAsPostfix();
  const action = await peer.rcpt({
    client_address: address,
    client_name: 'unknown',
    reverse_client_name: 'unknown',
    sender: `${name}@client.example`,
  });
  peer.drop();
  if (action === 'DUNNO' || action.startsWith('PREPEND')) return 'passes';
  return action.startsWith('DEFER_IF_PERMIT') ? 'waits' : action;
};

interface Rig {
  readonly daemon: TestDaemon;
  /** How many triplets are stored. */
  readonly stored: () => Promise<number>;
}

async function start(t: TestContext, overrides: readonly string[]): Promise<Rig> {
  let store: FaultyStore | undefined;
  const openStore = openFaultyStore((opened) => (store = opened));
  const daemon = await startTestDaemon(t, { overrides, policy: true, openStore });
  const stored = async (): Promise<number> => {
    let count = 0;
    for await (const [key] of store?.scan() ?? []) if (isCorrespondenceKey(key)) count += 1;
    return count;
  };
  return { daemon, stored };
}

/** So many senders that nobody has seen. */
async function flood(
  attempt: Attempt,
  daemon: TestDaemon,
  { from, count, network = '192.0.2' }: { from: number; count: number; network?: string },
): Promise<string> {
  const told = new Set<string>();
  for (let index = from; index < from + count; index++) {
    told.add(await attempt(daemon, `${network}.${index % 250}`, `s${index}`));
  }
  return [...told].join(' and ');
}

for (const [protocol, attempt] of [
  ['milter', byMilter],
  ['the policy protocol', byPolicy],
] as const) {
  describe(`a flood of senders, by ${protocol}`, () => {
    test('of one network is put off, and not remembered', async (t) => {
      const { daemon, stored } = await start(t, ['limits.pending-per-network=3']);
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'waits');
      daemon.clock.advance(delay);
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'passes');
      assert.equal(await flood(attempt, daemon, { from: 0, count: 20 }), 'waits');
      assert.equal(await stored(), 4);
      const { fields } = daemon.logger.take(flooded);
      assert.deepEqual(
        [fields['network'], fields['pending'], fields['most']],
        ['192.0.2.0/24', 3, 3],
      );
      assert.equal(daemon.logger.unexpected, 0, 'it is told once');
      assert.equal(await attempt(daemon, '198.51.100.1', 'other'), 'waits');
      daemon.clock.advance(delay);
      assert.equal(await attempt(daemon, '192.0.2.9', 's9'), 'waits', 'nobody knows it');
      daemon.logger.take(flooded);
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'passes');
      assert.equal(await attempt(daemon, '198.51.100.1', 'other'), 'passes');
      assert.equal(await attempt(daemon, '192.0.2.2', 's2'), 'passes', 'it was remembered');
      assert.equal(await attempt(daemon, '192.0.2.9', 's9'), 'waits', 'there is room again');
      daemon.clock.advance(delay);
      assert.equal(await attempt(daemon, '192.0.2.9', 's9'), 'passes');
    });

    test('of many networks passes once there is no room, and pushes nobody out', async (t) => {
      const { daemon, stored } = await start(t, ['limits.pending=5']);
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'waits');
      daemon.clock.advance(delay);
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'passes');
      assert.equal(await flood(attempt, daemon, { from: 0, count: 5 }), 'waits');
      daemon.takeDecisions();
      const rest = { from: 5, count: 9, network: '198.51.100' };
      assert.equal(await flood(attempt, daemon, rest), 'passes');
      assert.equal(await stored(), 6);
      assert.deepEqual([...new Set(daemon.takeDecisions())], ['accept overload <bob@example.org>']);
      assert.equal(daemon.logger.take(full).fields['pending'], 5);
      assert.equal(await attempt(daemon, '192.0.2.3', 's3'), 'waits', 'too early');
      daemon.clock.advance(delay);
      assert.equal(await flood(attempt, daemon, { from: 0, count: 5 }), 'passes');
      assert.equal(await attempt(daemon, '192.0.2.1', 'known'), 'passes');
      assert.equal(await flood(attempt, daemon, { from: 30, count: 5 }), 'waits');
    });
  });
}

describe('what waits', () => {
  test('counts after a restart', async (t) => {
    const { daemon } = await start(t, ['limits.pending-per-network=3']);
    await flood(byMilter, daemon, { from: 0, count: 3 });
    await daemon.stop();
    daemon.clock.advance(1000);
    await daemon.start();
    // It is counted beside the mail: what comes before that is remembered.
    for (let index = 3; daemon.logger.unexpected === 0; index++) {
      await flood(byMilter, daemon, { from: index, count: 1 });
    }
    daemon.logger.take(flooded);
  });

  test('is limited as a reload says', async (t) => {
    const { daemon } = await start(t, []);
    await flood(byMilter, daemon, { from: 0, count: 3 });
    await daemon.reload({ overrides: ['limits.pending-per-network=3'] });
    assert.equal(await flood(byMilter, daemon, { from: 3, count: 1 }), 'waits');
    daemon.logger.take(flooded);
  });

  test('in a trial is limited likewise, and nobody is put off', async (t) => {
    const trial = ['greylist.mode=shadow', 'limits.pending-per-network=2'];
    const { daemon, stored } = await start(t, trial);
    assert.equal(await flood(byMilter, daemon, { from: 0, count: 5 }), 'passes');
    assert.equal(await stored(), 2);
    daemon.logger.take(flooded);
  });

  test('does not exist while learning', async (t) => {
    const trial = ['greylist.mode=learn', 'limits.pending-per-network=2', 'limits.pending=2'];
    const { daemon, stored } = await start(t, trial);
    assert.equal(await flood(byMilter, daemon, { from: 0, count: 5 }), 'passes');
    assert.equal(await stored(), 5);
  });

  test("is counted in milter-greylist's and Postgrey's ways as well", async (t) => {
    const style = ['greylist.style=milter-greylist', 'greylist.network.ipv4=32'];
    const { daemon, stored } = await start(t, [...style, 'limits.pending-per-network=3']);
    assert.equal(await flood(byMilter, daemon, { from: 0, count: 9 }), 'waits');
    assert.equal(await stored(), 3);
    daemon.logger.take(flooded);
    daemon.clock.advance(delay);
    assert.equal(await flood(byMilter, daemon, { from: 0, count: 3 }), 'passes');
  });
});
