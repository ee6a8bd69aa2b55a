import type { Socket } from 'node:net';
import type { ListenerStatus } from '../admin/status.js';
import type { Config } from '../config/schema.js';
import type { GreylistStore } from '../store/store.js';
import type { LogFields, ManagedLogger } from '../telemetry/logger.js';
import { openPseudonyms, type Pseudonyms } from '../telemetry/pseudonyms.js';
import { openActivity, type Activity } from './answers/activity.js';
import type { AdminService } from './insight/admin-service.js';
import { ClientForgetting } from './greylisting/client-forgetting.js';
import type { Clock } from './process/clock.js';
import { closeInTime } from './stores/close-store.js';
import { countDecision, createDaemonCounts, type DaemonCounts } from './insight/daemon-counts.js';
import { createSteering } from './insight/create-steering.js';
import { DaemonInsight } from './insight/daemon-insight.js';
import type { DaemonMonitoring } from './insight/daemon-monitoring.js';
import { formatStatusLine } from './insight/daemon-status.js';
import { DecisionTap } from './insight/decision-tap.js';
import { describeError } from './process/describe-error.js';
import type { MailFirst } from './process/mail-first.js';
import type { ForgottenTriplets } from './stores/forgotten-triplets.js';
import { PendingGate, pendingCaps } from './greylisting/pending-gate.js';
import type { PendingTriplets } from './stores/pending-triplets.js';
import { HandExceptions } from './greylisting/hand-exceptions.js';
import { watchImpairments, type ImpairmentWatch } from './insight/impairment-watch.js';
import type { ListenerProtocol, ListenerSet } from './listening/listener-set.js';
import { MailService, type RulesInForce } from './mail-service.js';
import { modeField } from './process/mode-field.js';
import { loadHttpAccess, type LoadedHttpAccess } from './configuration/load-http-access.js';
import type { OpenStore } from './stores/open-store.js';
import { releaseLife } from './policy/release-life.js';
import type { ReloadControl } from './configuration/reload-control.js';
import { refuseRestartSettings, stoppingError } from './configuration/reload-error.js';
import { createRuleEffects } from './configuration/rule-effects.js';
import { refuseExposedSecrets } from './configuration/secret-files.js';
import type { HandedOverSocket } from './process/socket-activation.js';
import { showImpairments } from './insight/shown-impairments.js';
import type { SharedPace } from './stores/shared-population.js';
import type { CheckPace } from './stores/table-watch.js';
import type { Paces } from '../store/level/time-slice.js';
import { tendStore, type StoreTending } from './stores/tend-store.js';
import type { StoreTap } from './stores/store-tap.js';
import { noRules, type RuleSet } from './configuration/rule-set.js';
import type { SystemUser } from './process/system-account.js';

/** What a daemon is started with. */
export interface DaemonOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: ManagedLogger;
  /** The configuration's rules; none without this. */
  readonly ruleSet?: RuleSet | undefined;
  /** Whom to become once the sockets are open. */
  readonly user?: SystemUser | undefined;
  /** Sockets to use in place of opening those that are configured at the same addresses. */
  readonly handedOver?: readonly HandedOverSocket[] | undefined;
  /** Called once the sockets are open, before we become the user. What it throws ends the start. */
  readonly onListening?: (() => void) | undefined;
  /** Takes the place of the configured store, in tests. */
  readonly openStore?: OpenStore | undefined;
  /** A directory in memory that outlives us, for `store.journal: auto`; whoever starts us vouches for it. */
  readonly journalDirectory?: string | undefined;
  /** Of greymilter, for those who ask the admin interface. */
  readonly version?: string | undefined;
  /** What became of the last reload, and whoever does the next one. */
  readonly reloads?: ReloadControl | undefined;
  /** How long the store may take to close; shorter in tests. */
  readonly storeCloseMs?: number | undefined;
  /** How a shared store is counted; quicker in tests. */
  readonly countingPace?: Partial<SharedPace> | undefined;
  /** How the files of a store are checked; sooner in tests. */
  readonly checkPace?: Partial<CheckPace> | undefined;
  /** Called when something begins or ends that the status line tells: an impairment, a mode. */
  readonly onStateChange?: (() => void) | undefined;
  /** In tests: hears what the attribute `policy_test_time` of a policy request says, and sets the clock. */
  readonly setTestTime?: ((epochMs: number) => void) | undefined;
}

/** What is there before a daemon is. */
export interface DaemonParts {
  readonly store: StoreTap;
  readonly listeners: ListenerSet;
  readonly forgotten: ForgottenTriplets;
  readonly pending: PendingTriplets;
  readonly access: LoadedHttpAccess | undefined;
  /** Of long work beside mail. */
  readonly paces: MailFirst;
}

/** Closing takes milliseconds; a restart need not wait for a disk that is stuck. */
const defaultStoreCloseMs = 10_000;

/**
 * The running filter: listeners, what answers MTAs, its store and those who steer it, put together from
 * one configuration and changed as a whole by a reload.
 */
export class Daemon {
  readonly #logger: ManagedLogger;
  readonly #store: GreylistStore;
  readonly #clock: Clock;
  readonly #mail: MailService;
  readonly #admin: AdminService;
  readonly #exceptions: HandExceptions;
  readonly #counts: DaemonCounts;
  readonly #watch: ImpairmentWatch;
  readonly #onStateChange: (() => void) | undefined;
  readonly #monitoring: DaemonMonitoring;
  readonly #insight: DaemonInsight;
  readonly #listeners: ListenerSet;
  readonly #forgetting: ClientForgetting;
  readonly #pending: PendingTriplets;
  readonly #tending: StoreTending;
  readonly #storeCloseMs: number;
  readonly #reloads: ReloadControl | undefined;
  /** Of long work beside mail. */
  readonly paces: Paces;
  #config: Config;
  #activity: Activity | undefined;
  /** For what rules write into the log. */
  #pseudonyms: Pseudonyms | undefined;
  #ruleSet: RuleSet;
  #configuredAt: number;
  #isStopping = false;

  /** @see startDaemon */
  constructor(options: DaemonOptions, parts: DaemonParts) {
    const { store, listeners, forgotten, pending, access, paces } = parts;
    const { config, clock, logger, ruleSet = noRules, setTestTime } = options;
    this.paces = paces;
    this.#config = config;
    this.#configuredAt = clock.now();
    this.#ruleSet = ruleSet;
    this.#logger = logger;
    this.#clock = clock;
    this.#store = store;
    this.#storeCloseMs = options.storeCloseMs ?? defaultStoreCloseMs;
    this.#listeners = listeners;
    this.#forgetting = new ClientForgetting(store, logger);
    this.#activity = openActivity(config, logger, clock);
    this.#hide(openPseudonyms(config.log.privacy));
    this.#exceptions = new HandExceptions(store, logger);
    const { onStateChange } = options;
    this.#onStateChange = onStateChange;
    const counts = createDaemonCounts({
      store,
      clock,
      logger,
      forgotten,
      onImpairment: onStateChange,
    });
    this.#counts = counts;
    counts.forgotten.isTold = config.log.expired;
    this.#watch = watchImpairments(counts, () => this.awaitStore());
    const tap = new DecisionTap(logger);
    const daemon = (): this => this;
    this.#insight = new DaemonInsight({ store, clock, logger, counts, daemon });
    tap.listen((decision) => this.#insight.count(decision));
    tap.listen((decision) => countDecision(counts, decision));
    tap.listen(() => paces.decided());
    this.#pending = pending;
    const { countingPace, checkPace } = options;
    const { damage } = counts;
    const tended = { store, clock, logger, pending, damage, countingPace, checkPace };
    this.#tending = tendStore(config.store.url, tended);
    const gate = new PendingGate(pending, counts.impairments);
    const effects = createRuleEffects(logger, this.#forgetting, () => this.#pseudonyms);
    const mailParts = { clock, logger, decisions: tap, counts, gate, effects, setTestTime };
    this.#mail = new MailService({ ...mailParts, byHand: this.#exceptions }, this.#inForce);
    // Whoever kept the options would keep the rules of the start.
    const { version = 'unknown', reloads } = options;
    this.#reloads = reloads;
    const { population } = this.#tending;
    const { monitoring, admin } = createSteering(
      {
        ...{ version, clock, logger, store, population, counts, daemon, paces },
        ...{ insight: this.#insight, decisions: tap, changes: store },
        lastReload: () => reloads?.last,
        warnings: () => reloads?.warnings ?? [],
        reload: reloads?.reload,
        releaseLife: () => releaseLife(this.#config),
        onExceptions: () => this.#exceptions.refresh(),
      },
      access,
    );
    this.#monitoring = monitoring;
    this.#admin = admin;
    ruleSet.providers.start();
  }

  /** Where it listens, in Sendmail's spelling. */
  get addresses(): readonly string[] {
    return this.#listeners.addresses;
  }

  /** The same with the admin socket, and what is spoken there. */
  get listeners(): readonly ListenerStatus[] {
    return this.#listeners.listeners;
  }

  get config(): Config {
    return this.#config;
  }

  /** When it was read, epoch milliseconds. */
  get configuredAt(): number {
    return this.#configuredAt;
  }

  /** One line about how we are, for people: what is wrong comes first. */
  get statusLine(): string {
    const lastReload = this.#reloads?.last;
    const [counts, config, clock] = [this.#counts, this.#config, this.#clock];
    return formatStatusLine(this, showImpairments({ counts, config, lastReload, clock }));
  }

  /** The rules in force, for whoever loads the next ones. */
  get ruleSet(): RuleSet {
    return this.#ruleSet;
  }

  /** How many MTAs are connected. */
  get connections(): number {
    const { milter, policy } = this.connectionsOf;
    return milter + policy;
  }

  /** The same for each protocol. */
  get connectionsOf(): Readonly<Record<'milter' | 'policy', number>> {
    return this.#mail.connectionsOf;
  }

  /** What the lookups of the configuration in force have counted. */
  get lookupCounters(): RuleSet['lookupCounters'] {
    return this.#ruleSet.lookupCounters;
  }

  /**
   * Ends once the store has answered, though it be with an error: while it is away mail is treated
   * as `store.on-failure` says, which a new start would not change.
   */
  async awaitStore(): Promise<void> {
    const { storeRead } = this.#counts.impairments;
    try {
      await this.#store.get('watchdog');
      storeRead.over();
    } catch (error) {
      // It is closed when we have stopped.
      if (!this.#isStopping) storeRead.meet(describeError(error));
    }
  }

  /** Serves one connection of an MTA, or of somebody who steers us. */
  accept(socket: Socket, protocol: ListenerProtocol): void {
    if (protocol === 'milter' || protocol === 'policy') this.#mail.accept(socket, protocol);
    else this.#admin.accept(socket, protocol);
  }

  /**
   * Takes a new configuration over, for sessions from now on; those that are open keep theirs. The
   * log is opened afresh in any case.
   *
   * @param told what the log says of the reading beside it, asked once all is done
   * @throws ReloadError, SecretExposedError, ListenerError, AccountError, HttpAccessError, LogError;
   *   everything is as before then
   */
  async reload(
    config: Config,
    ruleSet: RuleSet = noRules,
    told: () => LogFields = () => ({}),
  ): Promise<void> {
    refuseRestartSettings(this.#config, config);
    this.#refuseWhileStopping();
    const { mode } = this.#config.greylist;
    await refuseExposedSecrets(config);
    const access = await loadHttpAccess(config);
    const change = await this.#listeners.prepare(config.listen);
    let activity: Activity | undefined;
    let pseudonyms: Pseudonyms | undefined;
    try {
      this.#refuseWhileStopping();
      pseudonyms = openPseudonyms(config.log.privacy);
      activity = openActivity(config, this.#logger, this.#clock, this.#activity);
      this.#logger.reconfigure(config.log);
    } catch (error) {
      change.rollback();
      if (activity !== this.#activity) void activity?.close();
      throw error;
    }
    if (activity !== this.#activity) void this.#activity?.close();
    this.#activity = activity;
    this.#hide(pseudonyms);
    this.#config = config;
    this.#counts.forgotten.isTold = config.log.expired;
    this.#pending.caps = pendingCaps(config);
    if (ruleSet.providers !== this.#ruleSet.providers) this.#ruleSet.providers.stop();
    ruleSet.providers.start();
    this.#ruleSet = ruleSet;
    this.#mail.follow(this.#inForce);
    this.#admin.setAccess(access);
    change.commit();
    this.#configuredAt = this.#clock.now();
    this.#logger.info('configuration reloaded', {
      listening: this.addresses.join(' '),
      ...modeField(config),
      ...told(),
    });
    if (config.greylist.mode !== mode) {
      this.#logger.info('the mode has changed', { from: mode, to: config.greylist.mode });
      this.#onStateChange?.();
    }
  }

  /** From now on addresses are shown by these. */
  #hide(pseudonyms: Pseudonyms | undefined): void {
    this.#pseudonyms = pseudonyms;
    if (this.#activity !== undefined) this.#activity.pseudonyms = pseudonyms;
  }

  /**
   * Stops listening, lets sessions end for as long as `limits.drain`, and closes the store.
   *
   * @throws StoreError STORE_NOT_CLOSED if the store hangs; nothing is lost by ending the process
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#monitoring.stop();
    this.#watch.stop();
    const tending = this.#tending.stop();
    this.#listeners.close();
    this.#ruleSet.providers.stop();
    this.#logger.info('stopping', { connections: this.connections });
    await this.#mail.drain(this.#config.limits.drain);
    await this.#admin.close();
    await this.#activity?.close();
    await this.#forgetting.stop();
    await this.#insight.stop(this.#storeCloseMs);
    await tending;
    await closeInTime(this.#store, this.#storeCloseMs);
    this.#logger.info('stopped');
  }

  get #inForce(): RulesInForce {
    return { config: this.#config, ruleSet: this.#ruleSet, activity: this.#activity };
  }

  #refuseWhileStopping(): void {
    if (this.#isStopping) throw stoppingError();
  }
}
