import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/schema.js';
import { parseSocketAddress } from '../../src/config/socket-address.js';
import type { Clock } from '../../src/daemon/process/clock.js';
import type { Daemon } from '../../src/daemon/daemon.js';
import { startDaemon } from '../../src/daemon/start-daemon.js';
import { loadRuleSet } from '../../src/daemon/configuration/load-rule-set.js';
import type { OpenStore } from '../../src/daemon/stores/open-store.js';
import type { SharedPace } from '../../src/daemon/stores/shared-population.js';
import type { CheckPace } from '../../src/daemon/stores/table-watch.js';
import type { RuleSet } from '../../src/daemon/configuration/rule-set.js';
import type { SystemUser } from '../../src/daemon/process/system-account.js';
import type { Decision } from '../../src/greylist/decision.js';
import { createManualClock, type ManualClock } from './manual-clock.js';
import { MtaPeer } from './mta-peer.js';
import { PostfixPeer } from './postfix-peer.js';
import { RecordingLogger } from './recording-logger.js';
import { createTempDirectory } from './temp-directory.js';

/** No test waits for a drain that it is not about, or asks the name servers of this machine. */
const quiet = ['limits.drain=0s', 'greylist.providers=greylist'];

/** How a daemon under test is set up. */
export interface TestDaemonOptions {
  /** Settings as for `--set`: `greylist.delay=60s`. Open connections are cut at once in the end. */
  readonly overrides?: readonly string[];
  /** A configuration file's text; without it, defaults. */
  readonly text?: string;
  /** What that file is called; `greylist.conf` for one of milter-greylist's. */
  readonly file?: string;
  /** Addresses as for `--listen`; without them a Unix socket in the test's directory. */
  readonly listen?: readonly string[];
  /** The test's own; without it one that only `clock` of the daemon under test moves. */
  readonly clock?: ManualClock;
  /** `redis://…`, in place of LevelDB in the test's directory. */
  readonly store?: string;
  /** Takes the place of LevelDB in the test's directory. */
  readonly openStore?: OpenStore;
  /** How long the store may take to close. */
  readonly storeCloseMs?: number;
  /** How a shared store is counted. */
  readonly countingPace?: Partial<SharedPace>;
  /** How the files of a store are checked. */
  readonly checkPace?: Partial<CheckPace>;
  /** Whom to become; a test can only stay who it is. */
  readonly user?: SystemUser;
  /** What it says that it is; without it nobody knows. */
  readonly version?: string;
  /** Serves the policy protocol as well: on `policy.sock` in the test's directory, or there. */
  readonly policy?: true | readonly string[];
}

/** Registers what is to be done in the end: the `t` of a test, or `{ after }` of node:test. */
export interface DaemonCleanUp {
  after(stop: () => Promise<void>): void;
}

/**
 * Starts the real daemon in this process. It is stopped with the test, which then fails if a
 * warning or an error was logged that the test did not take from the `logger`.
 */
export async function startTestDaemon(
  cleanUp: DaemonCleanUp,
  options: TestDaemonOptions = {},
): Promise<TestDaemon> {
  const daemon = new TestDaemon(options);
  cleanUp.after(() => daemon.dispose());
  await daemon.start();
  return daemon;
}

/** A daemon under test, and all that belongs to it. */
export class TestDaemon {
  readonly clock: ManualClock;
  readonly logger = new RecordingLogger();
  /** The test's directory: the store is `db` there, the socket `milter.sock`. */
  readonly directory: string;
  readonly #options: TestDaemonOptions;
  readonly #peers: { drop(): void }[] = [];
  #removeDirectory: () => void = () => undefined;
  #daemon: Daemon | undefined;

  /** @see startTestDaemon */
  constructor(options: TestDaemonOptions) {
    this.#options = options;
    this.clock = options.clock ?? createManualClock();
    this.directory = createTempDirectory({
      after: (remove) => (this.#removeDirectory = remove),
    });
  }

  /** The daemon itself, while it runs. */
  get daemon(): Daemon {
    if (this.#daemon === undefined) throw new Error('the daemon does not run');
    return this.#daemon;
  }

  /** Where it listens, in Sendmail's spelling, with the port that was given for port 0. */
  get addresses(): readonly string[] {
    return this.daemon.addresses;
  }

  /** What was decided so far, in order. */
  get decisions(): readonly Decision[] {
    return this.logger.decisions;
  }

  /** `tempfail greylist-new <b@example.org>` for each decision since this was asked last. */
  takeDecisions(): readonly string[] {
    return this.logger.decisions
      .splice(0)
      .map(({ verdict, reason, attempt }) => `${verdict} ${reason} <${attempt.recipient.text}>`);
  }

  /** Starts it, again after `stop`, on the same store. */
  async start(overrides: readonly string[] = []): Promise<void> {
    const { openStore, storeCloseMs, countingPace, checkPace, user, version } = this.#options;
    const { config, ruleSet } = await this.#load({ overrides });
    this.#daemon = await startDaemon({
      config,
      ruleSet,
      clock: this.clock satisfies Clock,
      logger: this.logger,
      openStore,
      storeCloseMs,
      countingPace,
      checkPace,
      user,
      version,
    });
  }

  /** Reloads it with other settings, and other listeners if any are given. */
  async reload(
    more: Pick<TestDaemonOptions, 'overrides' | 'listen' | 'text' | 'file'>,
  ): Promise<void> {
    const { config, ruleSet } = await this.#load(more);
    await this.daemon.reload(config, ruleSet);
  }

  /** An MTA that has connected to one of its addresses, the first if none is named. */
  async connect(address = this.addresses[0] ?? 'nowhere'): Promise<MtaPeer> {
    const parsed = parseSocketAddress(address);
    if (!('ok' in parsed)) throw new Error(`${address} ${parsed.problem}`);
    const peer = await MtaPeer.connect(parsed.ok);
    this.#peers.push(peer);
    return peer;
  }

  /** A Postfix that asks the policy service at `policy.sock` in the directory; see `policy`. */
  askAsPostfix(path = join(this.directory, 'policy.sock')): PostfixPeer {
    const peer = new PostfixPeer({ kind: 'unix', path });
    this.#peers.push(peer);
    return peer;
  }

  /** Stops it as SIGTERM does. */
  async stop(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    await daemon?.stop();
  }

  /** Stops it, removes the directory, and fails if something unexpected was logged. */
  async dispose(): Promise<void> {
    for (const peer of this.#peers) peer.drop();
    try {
      await this.stop();
    } finally {
      this.#removeDirectory();
    }
    this.logger.assertQuiet();
  }

  async #load(
    more: Pick<TestDaemonOptions, 'overrides' | 'listen' | 'text' | 'file'>,
  ): Promise<{ readonly config: Config; readonly ruleSet: RuleSet }> {
    const { listen, overrides = [], policy } = this.#options;
    const text = more.text ?? this.#options.text;
    const file = more.file ?? this.#options.file ?? 'greymilter.yaml';
    // Nobody is asked who is not of the test; a port without a server says so at once.
    const asked = text?.includes('resolvers') === true ? [] : ['lookups.resolvers=127.0.0.1:9'];
    // With a text it would be the system's own, where one test meets the other's.
    const admin = text === undefined || text.includes('admin:') ? [] : ['listen.admin=null'];
    const loaded = await loadConfig({
      ...(text !== undefined && { file: join(this.directory, file), text }),
      listen: more.listen ?? listen ?? [`unix:${join(this.directory, 'milter.sock')}`],
      ...(policy !== undefined && {
        policy: policy === true ? [`unix:${join(this.directory, 'policy.sock')}`] : policy,
      }),
      store: this.#options.store ?? `level:${join(this.directory, 'db')}`,
      overrides: [...quiet, ...asked, ...admin, ...overrides, ...(more.overrides ?? [])],
    });
    const { clock, logger } = this;
    const before = this.#daemon?.ruleSet;
    return { config: loaded.config, ruleSet: await loadRuleSet(loaded, { clock, logger }, before) };
  }
}
