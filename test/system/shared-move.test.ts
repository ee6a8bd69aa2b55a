import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { lastFirst } from '../support/clean-ups.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createRunningClock } from '../support/manual-clock.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { MailFlow } from './mail-flow.js';
import { letTimePass, makeKnown, patient, startSharer, type SharedStore } from './shared-site.js';
import { deliver } from './smtp-session.js';

const minute = 60_000;

/** A pair in an export, as far as it is looked at here. */
interface ExportedPair {
  readonly kind: string;
  readonly sender: string;
  readonly sources: readonly {
    readonly firstSeenAt: string;
    readonly passedAt?: string;
    readonly attempts: number;
  }[];
}

async function run(...args: readonly string[]): Promise<void> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  assert.equal(code, 0, `${args.join(' ')}: ${output.errors}`);
}

function pairsIn(file: string): ReadonlyMap<string, ExportedPair> {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  // What the command writes.
  const records = lines.map((line) => JSON.parse(line) as ExportedPair);
  const pairs = records.filter(({ kind }) => kind === 'pair');
  return new Map(pairs.map((pair) => [pair.sender, pair]));
}

/** Nothing of what was there is gone, begins later, or has to wait again. */
function assertKept(
  before: ReadonlyMap<string, ExportedPair>,
  after: ReadonlyMap<string, ExportedPair>,
): void {
  assert.ok(before.size > 3);
  for (const [sender, { sources }] of before) {
    const [was] = sources;
    const [is] = after.get(sender)?.sources ?? [];
    assert.ok(was && is, `${sender} is gone`);
    assert.ok(Date.parse(is.firstSeenAt) <= Date.parse(was.firstSeenAt), `${sender} begins later`);
    assert.ok(was.passedAt === undefined || is.passedAt !== undefined, `${sender} waits again`);
    assert.ok(is.attempts >= was.attempts, `${sender} was written over`);
  }
}

/** Why mail from somebody is answered as it is; others' is decided meanwhile. */
async function reasonOf(daemon: TestDaemon, from: string): Promise<string | undefined> {
  await deliver(daemon, { from });
  const own = daemon.decisions.filter(({ attempt }) => attempt.sender.text.includes(from));
  return own.at(-1)?.reason;
}

/** One filter on LevelDB and one on a server, and mail that comes to both all the time. */
async function startBoth(t: TestContext) {
  const cleanUps = lastFirst(t);
  const clock = createShiftedClock(cleanUps);
  const server = await RedisServer.start(cleanUps, { environment: clock.environment });
  const store: SharedStore = { url: `redis://${server.address}`, clock };
  const local = await startTestDaemon(cleanUps, { clock: createRunningClock() });
  const shared = await startSharer(cleanUps, store, { overrides: patient });
  const both = [local, shared];
  const directory = createTempDirectory(cleanUps);
  return {
    local,
    shared,
    places: { local: join(local.directory, 'db'), shared: store.url },
    file: (name: string) => join(directory, `${name}.jsonl`),
    pass: (ms: number) => letTimePass(both, store, ms),
    flow: async () => {
      await makeKnown([local, shared], store);
      await makeKnown([shared, local], store);
      const flow = MailFlow.start(both);
      await flow.isJudged();
      return flow;
    },
  };
}

const skip = skipWithoutRedis() || skipWithoutCompiler();

describe('while mail comes to both, records go', { skip }, () => {
  for (const [from, to] of [
    ['local', 'shared'],
    ['shared', 'local'],
  ] as const)
    test(`from the ${from} store to the ${to} one, and nothing is lost or written over`, async (t) => {
      const rig = await startBoth(t);
      const { places, file, pass } = rig;
      const [source, target] = [rig[from], rig[to]];
      const flow = await rig.flow();
      // Waiting at both, for longer at the source.
      assert.equal(await reasonOf(source, 'older@x.example'), 'greylist-new');
      assert.equal(await reasonOf(target, 'passed@x.example'), 'greylist-new');
      pass(4 * minute);
      assert.equal(await reasonOf(target, 'older@x.example'), 'greylist-new');
      assert.equal(await reasonOf(source, 'passed@x.example'), 'greylist-new');
      assert.equal(await reasonOf(target, 'passed@x.example'), 'greylist-passed');
      await flow.hasBrought(source, 20);
      await run('export', '--store', places[to], '--output', file('before'));
      const importing = (async () => {
        await run('export', '--store', places[from], '--output', file('moved'));
        await run('import', file('moved'), '--store', places[to]);
      })();
      await Promise.all([importing, flow.goesOn(60)]);
      await flow.goesOn();
      await run('export', '--store', places[to], '--output', file('after'));
      await flow.stop();
      const after = pairsIn(file('after'));
      assertKept(pairsIn(file('before')), after);
      assertKept(pairsIn(file('moved')), after);
      assert.equal(await reasonOf(target, 'passed@x.example'), 'greylist-known');
      assert.equal(await reasonOf(target, 'older@x.example'), 'greylist-passed');
      const moved = [...pairsIn(file('moved')).keys()].filter((sender) => /^new/.test(sender));
      assert.ok(moved.length >= 20);
      for (const sender of moved.slice(0, 20))
        assert.notEqual(await reasonOf(target, sender), 'greylist-new', sender);
    });
});
