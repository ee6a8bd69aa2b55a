import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { createPowerCut, type PowerCut } from '../support/power-cut.js';
import { createRandom, seedOfTest } from '../support/seeded-random.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { Ledger, load, offer, waitMs } from './kill-load.js';
import { openSession } from './smtp-session.js';

/** Every so many rounds it is the whole program, and not only its daemon. */
const wholeProgramEvery = 10;
const clients = 24;
/** A round has fewer than so many answers, however long they take. */
const mostAnswers = 30;
const target = fileURLToPath(new URL('kill-target.mjs', import.meta.url));

/** Where the daemons of all rounds, one after the other, have their socket and their store. */
interface Place {
  readonly socket: string;
  readonly store: string;
  readonly durability: 'process' | 'power';
  /** As `store.journal` says. */
  readonly journal: string;
  /** Variables for the environment of those that are killed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A daemon that can be killed. */
interface Victim {
  /** Resolves once it serves. */
  start(): Promise<void>;
  kill(): Promise<void>;
}

function loadTarget(t: TestContext, place: Place): Victim {
  const { socket, store, durability, journal, environment } = place;
  const child: ChildProcess = spawn(
    process.execPath,
    [target, socket, store, durability, journal],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    },
  );
  t.after(() => child.kill('SIGKILL'));
  // It may be killed before it has read that it is to start.
  child.stdin?.on('error', () => undefined);
  const ended: Promise<unknown[]> = once(child, 'exit');
  const lines = child.stdout && createInterface({ input: child.stdout });
  const heard = new Map<string, Promise<void>>();
  for (const word of ['loaded', 'ready']) {
    const hear = new Promise<void>((resolve) => {
      lines?.on('line', (line) => line === word && resolve());
    });
    heard.set(word, hear);
  }
  return {
    start: async () => {
      await Promise.race([heard.get('loaded'), ended]);
      child.stdin?.write('go\n');
      await Promise.race([heard.get('ready'), ended]);
    },
    kill: async () => {
      child.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL']);
    },
  };
}

function startProgram(t: TestContext, place: Place): GreymilterProcess {
  const { socket, store, durability, journal, environment } = place;
  const args = [
    ...['--listen', `unix:${socket}`, '--store', store],
    ...['--set', 'greylist.delay=1s', '--set', 'limits.drain=0s'],
    ...['--set', `store.durability=${durability}`, '--set', `store.journal=${journal}`],
  ];
  return startGreymilter(t, args, { environment });
}

function programAsVictim(t: TestContext, place: Place): Victim {
  let greymilter: GreymilterProcess | undefined;
  return {
    start: async () => {
      greymilter = startProgram(t, place);
      await greymilter.ready();
    },
    kill: async () => {
      greymilter?.kill('SIGKILL');
      assert.equal((await greymilter?.ending)?.signal, 'SIGKILL');
    },
  };
}

/** Kills it while it starts, or under load; all that it answers goes into the ledger. */
async function playRound(
  victim: Victim,
  place: Place,
  ledger: Ledger,
  random: () => number,
): Promise<void> {
  const starting = victim.start();
  if (random() < 0.1) {
    // It may get to the end of its start or not.
    starting.catch(() => undefined);
    await pause(random() * 30);
    await victim.kill();
    return;
  }
  await starting;
  let isKilled = false;
  const clientsEnd = load(place.socket, ledger, { clients, mayBeGone: () => isKilled });
  // A client that is told the wrong thing ends the round at once.
  const enough = new AbortController();
  const { signal } = enough;
  await Promise.race([clientsEnd, answered(ledger, Math.floor(random() * mostAnswers), signal)])
    // Nothing goes on asking once the test has failed.
    .finally(() => enough.abort());
  await pause(random() * 3);
  isKilled = true;
  await victim.kill();
  await clientsEnd;
}

/** Resolves when so many more have been answered, or nobody waits for that any more. */
async function answered(ledger: Ledger, count: number, signal: AbortSignal): Promise<void> {
  const enough = ledger.answers + count;
  while (ledger.answers < enough && !signal.aborted) await pause(1);
}

/** Asks for everybody once more, and stops the program as SIGTERM does. */
async function askForAll(t: TestContext, place: Place, ledger: Ledger): Promise<number> {
  const greymilter = startProgram(t, place);
  const [address = ''] = await greymilter.ready();
  const peer = await greymilter.connect(address);
  await openSession(peer);
  await pause(waitMs);
  const known = [...ledger.passed];
  for (;;) {
    const sender = ledger.takeMatured();
    if (sender === undefined) break;
    assert.equal(await offer(peer, sender), 'continue', `${sender} has been forgotten`);
    known.push(sender);
  }
  for (const sender of known) {
    assert.equal(await offer(peer, sender), 'continue', `${sender} is not known any more`);
  }
  peer.drop();
  greymilter.kill('SIGTERM');
  const { code, stderr } = await greymilter.ending;
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, / (warn|error) |store-unavailable/);
  return known.length;
}

/** Power cuts that cost what was not synced; with the durability `process`, ones that cost nothing. */
function preparePower(
  t: TestContext,
  { store, durability }: Pick<Place, 'store' | 'durability'>,
): PowerCut {
  // A killed process alone leaves to the system whatever it has written, synced or not.
  return durability === 'power'
    ? createPowerCut(t, store)
    : { environment: {}, cut: (): number => 0 };
}

/**
 * Kills the program so many times on one store, and asks it for all that it has answered. With the durability
 * `power` the disk loses each time what was not synced. In the environment GREYMILTER_TEST_SEED
 * repeats the moments of the kills, and GREYMILTER_KILL_ROUNDS says how many there are.
 */
export async function killOverAndOver(
  t: TestContext,
  usualRounds: number,
  { durability, journal = 'null' }: { durability: 'process' | 'power'; journal?: string },
): Promise<void> {
  const rounds = Number(process.env['GREYMILTER_KILL_ROUNDS'] ?? usualRounds);
  const random = createRandom(seedOfTest(t));
  const directory = createTempDirectory(t);
  const store = join(directory, 'db');
  const power = preparePower(t, { store, durability });
  const socket = join(directory, 'milter.sock');
  const place = { socket, store, durability, journal, environment: power.environment };
  const ledger = new Ledger();
  let lostBytes = 0;
  let next = loadTarget(t, place);
  for (let round = 1; round <= rounds; round++) {
    if (round % wholeProgramEvery === 0) {
      await playRound(programAsVictim(t, place), place, ledger, random);
    } else {
      const victim = next;
      next = loadTarget(t, place);
      await playRound(victim, place, ledger, random);
    }
    lostBytes += power.cut();
  }
  const passed = ledger.passed.length;
  const putOff = passed + ledger.waiting;
  t.diagnostic(`${putOff} put off, ${passed} of them let in between; ${lostBytes} bytes lost`);
  // Few rounds may end without either.
  if (rounds >= usualRounds) {
    assert.ok(passed > 0, 'some came back between the kills');
    if (durability === 'power') assert.ok(lostBytes > 0, 'something was not on the disk yet');
  }
  assert.equal(await askForAll(t, place, ledger), putOff);
  const report = await repairLevelStore(place.store, Date.now());
  assert.equal(report.kind, 'sound');
}
