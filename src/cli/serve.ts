import { formatIssue } from '../config/config-error.js';
import type { Config } from '../config/schema.js';
import { systemClock } from '../daemon/clock.js';
import {
  createDaemonLogger,
  prepareLog,
  type ManagedLogger,
} from '../daemon/create-daemon-logger.js';
import { startDaemon, type Daemon } from '../daemon/daemon.js';
import { describeError } from '../daemon/describe-error.js';
import { prepareDirectories, requireRootFor } from '../daemon/privileges.js';
import { findGroup, findUser, type SystemUser } from '../daemon/system-account.js';
import { loadConfigArguments, type ConfigArguments } from './config-options.js';
import { exitCodes } from './exit-codes.js';
import { canChangeUser, runAsUser } from './run-as-user.js';
import { packageVersion } from './version.js';

/** What `serve` takes: a configuration, and whom to run as. */
export type ServeArguments = ConfigArguments & { readonly user?: string | undefined };

const logCloseMs = 5000;

/**
 * `greymilter serve`: runs the daemon until SIGTERM or SIGINT, a second of which ends it at once.
 * SIGHUP reads the configuration again and opens the log afresh.
 */
export async function serve(args: ServeArguments): Promise<number> {
  const { config, warnings } = await loadConfigArguments(args);
  const user = args.user === undefined ? undefined : findUser(args.user);
  if (user !== undefined) {
    requireRootFor(user);
    if (user.uid !== process.getuid?.() && !canChangeUser()) return await delegate(config, user);
  }
  const logger = createDaemonLogger(config.log, systemClock, user);
  // Whatever ends the process, what was logged gets written.
  process.on('exit', () => logger.flush());
  endOnBugs(logger);
  for (const warning of warnings) logger.warn(formatIssue(warning));
  logger.info('greymilter is starting', { version: packageVersion(), pid: process.pid });
  const starting = startDaemon({ config, clock: systemClock, logger, user });
  reloadOnHangUp(starting, args, logger);
  const daemon = await starting.catch((error: unknown) => {
    // Whoever called us reads standard error; whoever looks later reads the log.
    if (config.log.to.kind === 'file') logger.error('start failed', describeError(error));
    throw error;
  });
  // Until here either signal simply ends us.
  const stop = nextSignal('SIGTERM', 'SIGINT');
  logger.info('ready', describe(daemon, config));
  logger.info('asked to stop', { signal: await stop });
  void nextSignal('SIGTERM', 'SIGINT').then(() => process.exit(exitCodes.done));
  await daemon.stop();
  // A log that takes nothing any more must not keep us from ending; what can be written still is.
  setTimeout(() => process.exit(exitCodes.done), logCloseMs).unref();
  await logger.close();
  return exitCodes.done;
}

/** Makes ready what root alone can, and lets a process of the user do the rest. */
function delegate(config: Config, user: SystemUser): Promise<number> {
  prepareDirectories(config, user);
  prepareLog(config.log, user);
  const { group } = config.listen.socket;
  // As a member it may give its socket to that group.
  const groups = group === null ? user.groups : [...user.groups, findGroup(group)];
  return runAsUser(user, groups, process.argv.slice(1));
}

function describe(daemon: Daemon, config: Config): Record<string, string | number> {
  return {
    listening: daemon.addresses.join(' '),
    store: config.store.url.path,
    delay: config.greylist.delay / 1000,
  };
}

// One after the other, since each builds on what the one before has left; also while we start.
function reloadOnHangUp(
  starting: Promise<Daemon>,
  args: ServeArguments,
  logger: ManagedLogger,
): void {
  let last = Promise.resolve();
  process.on('SIGHUP', () => {
    last = last.then(() => reload(starting, args, logger));
  });
}

async function reload(
  starting: Promise<Daemon>,
  args: ServeArguments,
  logger: ManagedLogger,
): Promise<void> {
  try {
    const daemon = await starting;
    const { config, warnings } = await loadConfigArguments(args);
    for (const warning of warnings) logger.warn(formatIssue(warning));
    await daemon.reload(config);
  } catch (error) {
    reopenLog(logger);
    logger.error('reload failed, everything stays as it was', describeError(error));
  }
}

// Logrotate counts on it, whatever is wrong with the configuration.
function reopenLog(logger: ManagedLogger): void {
  try {
    logger.reopen();
  } catch (error) {
    logger.error('the log cannot be opened again', describeError(error));
  }
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
