import type { ReloadReport } from '../../admin/status.js';
import { formatIssue, formatIssueLine } from '../../config/config-error.js';
import type { LoadedConfig } from '../../config/load.js';
import type { Config } from '../../config/schema.js';
import { storePlace } from '../../config/store-url.js';
import { systemClock, type Clock } from '../../daemon/process/clock.js';
import {
  createDaemonLogger,
  prepareLog,
  type ManagedLogger,
} from '../../daemon/process/create-daemon-logger.js';
import type { Daemon } from '../../daemon/daemon.js';
import { startDaemon } from '../../daemon/start-daemon.js';
import { describeError } from '../../daemon/process/describe-error.js';
import { modeField } from '../../daemon/process/mode-field.js';
import { loadRuleSet } from '../../daemon/configuration/load-rule-set.js';
import {
  preparePidFile,
  removePidFile,
  removeStalePidFile,
  writePidFile,
} from '../../daemon/process/pid-file.js';
import { prepareDirectories, requireRootFor } from '../../daemon/process/privileges.js';
import {
  createServiceNotifier,
  type ServiceNotifier,
} from '../../daemon/process/service-notifier.js';
import { readHandedOver, type HandedOverSocket } from '../../daemon/process/socket-activation.js';
import {
  createRunningClock,
  machineClocks,
  SteadyClock,
} from '../../daemon/process/steady-clock.js';
import type { TestClock } from '../../daemon/process/test-clock.js';
import {
  AccountError,
  findGroup,
  findUser,
  type SystemUser,
} from '../../daemon/process/system-account.js';
import type { ConfigArguments } from '../arguments/config-options.js';
import { exitAtOnce } from './exit-at-once.js';
import { exitCodeOf, exitCodes } from '../arguments/exit-codes.js';
import { readConfiguration, Reloader } from './reloader.js';
import { canChangeUser, runAsUser } from './run-as-user.js';
import { packageVersion } from '../../daemon/process/version.js';

/** What `serve` takes: a configuration, and whom to run as. */
export type ServeArguments = ConfigArguments & {
  readonly user?: string | undefined;
  /** In place of the user's own. */
  readonly group?: string | undefined;
  /** The clock that requests set, in tests. */
  readonly testClock?: TestClock | undefined;
};

const logCloseMs = 5000;

/**
 * `greymilter serve`: runs the daemon until SIGTERM or SIGINT, a second of which ends it at once.
 * SIGHUP reads the configuration again and opens the log afresh; so does a change of its files if the
 * configuration says `reload: watch`.
 */
export async function serve(args: ServeArguments): Promise<number> {
  const reading = await readConfiguration(args);
  const { loaded } = reading;
  const { config, warnings, notes } = loaded;
  const { testClock } = args;
  const user = userOf(args, loaded);
  const handedOver = readHandedOver(process.env, process.pid);
  if (user !== undefined) {
    requireRootFor(user);
    if (user.uid !== process.getuid?.() && !canChangeUser()) {
      return await delegate(config, user, handedOver);
    }
  }
  const logger = createDaemonLogger(config.log, testClock ?? systemClock, user);
  const clock = testClock ?? createClock(config, logger);
  // Whatever ends the process, what was logged gets written.
  process.on('exit', () => logger.flush());
  endOnBugs(logger);
  for (const warning of warnings) logger.warn(formatIssueLine(warning));
  for (const note of notes) logger.debug(formatIssueLine(note));
  logger.info('greymilter is starting', { version: packageVersion(), pid: process.pid });
  const onListening = (): void => claimPidFile(config, user);
  const parts = { config, clock, logger, user, handedOver, onListening };
  const starting: Promise<Daemon> = loadRuleSet(loaded, parts).then((ruleSet) =>
    startDaemon({
      ...{ ...parts, ruleSet, version: packageVersion() },
      // Nobody asks before there is one.
      reloads: {
        get last(): ReloadReport | undefined {
          return reloader.last;
        },
        get warnings(): readonly string[] {
          return reloader.warnings;
        },
        reload: (): Promise<ReloadReport> => reloader.reload(),
      },
      journalDirectory: process.env['GREYMILTER_JOURNAL'],
      onStateChange: () => notifier.changed(),
      setTestTime: testClock && ((epochMs) => testClock.set(epochMs)),
    }),
  );
  const notifier = notify(starting, logger);
  const reloader = new Reloader(args, reading, starting, { logger, notifier });
  process.on('SIGHUP', () => void reloader.reload());
  const daemon = await starting.catch((error: unknown) => {
    // Whoever called us reads standard error; whoever looks later reads the log.
    if (config.log.to.kind !== 'console') logger.error('start failed', describeError(error));
    logger.flush();
    throw error;
  });
  // Until here either signal simply ends us.
  const stop = nextSignal('SIGTERM', 'SIGINT');
  logger.info('ready', describe(daemon, config));
  notifier.ready();
  logger.info('asked to stop', { signal: await stop });
  reloader.stop();
  notifier.stopping();
  void nextSignal('SIGTERM', 'SIGINT').then(() => exitAtOnce(exitCodes.done));
  return await end(daemon, logger);
}

/**
 * Whom to run as. What the configuration says counts for root alone: whoever else has started us, or
 * root on behalf of the user, has seen to that.
 */
function userOf(
  { user, group }: ServeArguments,
  { config, issueAt }: LoadedConfig,
): SystemUser | undefined {
  if (user !== undefined) return withGroup(findUser(user), group);
  const { user: name, group: groupName } = config;
  if (name === null || process.getuid?.() !== 0) return undefined;
  const written = located(['user'], issueAt, () => findUser(name));
  return groupName === null
    ? written
    : located(['group'], issueAt, () => withGroup(written, groupName));
}

/** An account that there is not is told of with the place where it is written. */
function located<T>(path: readonly string[], issueAt: LoadedConfig['issueAt'], find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new AccountError(formatIssue(issueAt(path, error.message)), { cause: error });
  }
}

function withGroup(user: SystemUser, group: string | undefined): SystemUser {
  return group === undefined ? user : { ...user, gid: findGroup(group) };
}

/** A store or a log that hangs must not keep us from ending; what can be written still is. */
async function end(daemon: Daemon, logger: ManagedLogger): Promise<number> {
  let exitCode: number = exitCodes.done;
  try {
    await daemon.stop();
  } catch (error) {
    logger.error('stopped with an error', describeError(error));
    exitCode = exitCodeOf(error) ?? exitCodes.software;
  }
  setTimeout(() => exitAtOnce(exitCode), logCloseMs).unref();
  await logger.close();
  if (exitCode !== exitCodes.done) exitAtOnce(exitCode);
  return exitCode;
}

/** Makes ready what root alone can, and lets a process of the user do the rest. */
async function delegate(
  config: Config,
  user: SystemUser,
  handedOver: readonly HandedOverSocket[],
): Promise<number> {
  const { group } = config.listen.socket;
  const pidFile = config['pid-file'];
  prepareDirectories(config, user);
  prepareLog(config.log, user);
  if (pidFile !== null) preparePidFile(pidFile, user);
  // As a member it may give its socket to that group.
  const groups = group === null ? user.groups : [...user.groups, findGroup(group)];
  try {
    const options = { groups, handedOver: handedOver.length };
    return await runAsUser(user, options, process.argv.slice(1));
  } finally {
    if (pidFile !== null) removeStalePidFile(pidFile);
  }
}

/** With a shared store its server says what time it is, and until then nothing may jump. */
function createClock(config: Config, logger: ManagedLogger): Clock {
  return config.store.url.kind === 'level'
    ? new SteadyClock(machineClocks, logger)
    : createRunningClock(machineClocks);
}

function claimPidFile(config: Config, user: SystemUser | undefined): void {
  const path = config['pid-file'];
  if (path === null) return;
  writePidFile(path, user);
  process.on('exit', () => removePidFile(path));
}

/** Who is told what we do: the service manager, if it has started us and wants to know. */
function notify(starting: Promise<Daemon>, logger: ManagedLogger): ServiceNotifier {
  let daemon: Daemon | undefined;
  starting.then(
    (started) => (daemon = started),
    () => undefined,
  );
  return createServiceNotifier({
    environment: process.env,
    pid: process.pid,
    logger,
    status: () => daemon?.statusLine ?? 'starting',
    awaitHealth: async () => await (await starting).awaitStore(),
  });
}

function describe(daemon: Daemon, config: Config): Record<string, string | number> {
  return {
    listening: daemon.addresses.join(' '),
    store: storePlace(config.store.url),
    delay: config.greylist.delay / 1000,
    ...modeField(config),
  };
}

function nextSignal(...signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal));
  });
}

// After a bug nobody knows what state we are in; who watches over us starts us again.
function endOnBugs(logger: ManagedLogger): void {
  const end = (error: unknown): void => {
    logger.error('bug: the daemon has to stop', {
      ...describeError(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    process.exit(exitCodes.software);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
