import type { ReloadReport } from '../../admin/status.js';
import { formatIssue, formatIssueLine } from '../../config/config-error.js';
import { describeChangeInTurns } from '../../config/describe-change.js';
import type { LoadedConfig } from '../../config/load.js';
import { systemClock } from '../../daemon/process/clock.js';
import type { ManagedLogger } from '../../daemon/process/create-daemon-logger.js';
import type { Daemon } from '../../daemon/daemon.js';
import { describeError } from '../../daemon/process/describe-error.js';
import { stampFile, type FileStamps } from '../../daemon/process/file-stamps.js';
import { FileWatch } from '../../daemon/process/file-watch.js';
import { loadRuleSet } from '../../daemon/configuration/load-rule-set.js';
import { stoppingError } from '../../daemon/configuration/reload-error.js';
import type { ServiceNotifier } from '../../daemon/process/service-notifier.js';
import type { Turns } from '../../rules/steps.js';
import { TimeSlice } from '../../store/level/time-slice.js';
import { loadConfigArguments, type ConfigArguments } from '../arguments/config-options.js';

/** To whom we say what we do. */
export interface Voices {
  readonly logger: ManagedLogger;
  readonly notifier: Pick<ServiceNotifier, 'reloading' | 'ready' | 'changed'>;
}

/** A configuration, and what its files were before they were read. */
export interface Reading {
  readonly loaded: LoadedConfig;
  readonly files: FileStamps;
}

/** The same while it is read; what was met until a mistake ended it is known as well. */
class Journal {
  readonly files = new Map<string, string>();

  /** The configuration itself, which names all others; undefined where there is no file. */
  get first(): string | undefined {
    return this.files.keys().next().value;
  }

  /** @param turns of whoever must not wait meanwhile */
  async read(args: ConfigArguments, turns?: Turns): Promise<Reading> {
    const beforeReading = async (path: string): Promise<void> => {
      this.files.set(path, await stampFile(path));
    };
    const loaded = await loadConfigArguments(args, { beforeReading, turns });
    return { loaded, files: this.files };
  }
}

/**
 * Reads the configuration for a start.
 *
 * @throws ConfigError
 */
export async function readConfiguration(args: ConfigArguments): Promise<Reading> {
  return await new Journal().read(args);
}

/**
 * Reads the configuration again, whenever it is told to or, if the configuration wants it, when one
 * of its files has changed: one after the other, since each builds on what the one before has left.
 */
export class Reloader {
  readonly #args: ConfigArguments;
  readonly #starting: Promise<Daemon>;
  readonly #voices: Voices;
  readonly #watch: FileWatch;
  #loaded: LoadedConfig;
  #last: Promise<unknown>;
  #report: ReloadReport | undefined;
  #isStopped = false;

  /** @param starting the daemon; what it is told while it starts is done once it has */
  constructor(args: ConfigArguments, first: Reading, starting: Promise<Daemon>, voices: Voices) {
    this.#args = args;
    this.#loaded = first.loaded;
    this.#starting = starting;
    this.#voices = voices;
    this.#watch = new FileWatch((paths) => {
      voices.logger.info('reloading, since files have changed', { files: paths.join(' ') });
      void this.reload();
    });
    // Whoever has started the daemon hears why it could not be.
    this.#last = starting.then(
      () => this.#watchFiles(first.files),
      () => undefined,
    );
  }

  /** What became of the last reload; undefined if there was none. */
  get last(): ReloadReport | undefined {
    return this.#report;
  }

  /** What is doubtful about the configuration in force, a line each. */
  get warnings(): readonly string[] {
    return this.#loaded.warnings.map(formatIssueLine);
  }

  /** Has the configuration read once more, in its turn. Never rejects. */
  reload(): Promise<ReloadReport> {
    const done = this.#last.then(() => this.#reload());
    this.#last = done;
    return done;
  }

  /** Lets the files be, and leaves those that are being read. */
  stop(): void {
    this.#isStopped = true;
    this.#watch.stop();
  }

  /** The same turns, but no more of them once we stop: until all is read the process would not end. */
  #untilStopped(turns: Turns): Turns {
    return {
      get isOver() {
        return turns.isOver;
      },
      next: async () => {
        await turns.next();
        if (this.#isStopped) throw stoppingError();
      },
    };
  }

  #watchFiles(files: FileStamps): void {
    if (this.#loaded.config.reload === 'watch' && !this.#isStopped) this.#watch.start(files);
    else this.#watch.stop();
  }

  async #reload(): Promise<ReloadReport> {
    const { logger, notifier } = this.#voices;
    const journal = new Journal();
    const at = new Date(systemClock.now()).toISOString();
    let report: ReloadReport;
    try {
      report = { at, ok: true, ...(await this.#takeOver(journal)) };
    } catch (error) {
      reopenLog(logger);
      const { code, error: problem } = describeError(error);
      logger.error('reload failed, everything stays as it was', { code, error: problem });
      report = { at, ok: false, changes: [], warnings: [], code, problem };
    }
    // After a mistake those that it was found in: they have to change for another try to be worth it.
    this.#watchFiles(journal.files);
    const didFail = this.#report?.ok === false;
    this.#report = report;
    // The status that was told when it ended did not know what came of it.
    if (report.ok === didFail) notifier.changed();
    return report;
  }

  async #takeOver(journal: Journal): Promise<Pick<ReloadReport, 'changes' | 'warnings'>> {
    const { logger, notifier } = this.#voices;
    const daemon = await this.#starting;
    notifier.reloading();
    const startedAt = performance.now();
    try {
      const turns = new TimeSlice(daemon.paces.reading);
      const { loaded } = await journal.read(this.#args, this.#untilStopped(turns));
      const warnings = loaded.warnings.map(formatIssue);
      for (const warning of loaded.warnings) logger.warn(formatIssueLine(warning));
      const ruleSet = await loadRuleSet(loaded, { clock: systemClock, logger }, daemon.ruleSet);
      await daemon.reload(loaded.config, ruleSet, () => ({
        file: journal.first,
        took: Math.round((performance.now() - startedAt) * 1000),
      }));
      const changes = await describeChangeInTurns(this.#loaded, loaded, turns);
      for (const change of changes) logger.info(change);
      this.#loaded = loaded;
      return { changes, warnings };
    } finally {
      notifier.ready();
    }
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
