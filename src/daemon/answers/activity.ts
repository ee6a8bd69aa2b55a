import type { Config } from '../../config/schema.js';
import type { PlainTemplate } from '../../greylist/text-template.js';
import { renderPlainTemplate } from '../../greylist/text-template.js';
import type { TextSurroundings } from '../../greylist/template-context.js';
import {
  openActivitySink,
  type ActivitySink,
  type ActivityTarget,
} from '../../telemetry/activity-sink.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Pseudonyms } from '../../telemetry/pseudonyms.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { hideContext } from '../process/hidden-context.js';
import { RepeatedWarning } from '../process/repeated-warning.js';
import { textContext, type Told } from './text-context.js';

/** What is recorded of each decision, and where. */
export interface ActivitySettings {
  readonly to: ActivityTarget;
  readonly format: PlainTemplate;
}

/** Takes decisions as they are told to MTAs. */
export interface ActivityRecorder {
  record(told: Told, surroundings: TextSurroundings): void;
}

/** Writes one record of each decision; mail never waits for it. */
export class Activity implements ActivityRecorder {
  readonly settings: ActivitySettings;
  readonly #sink: ActivitySink;
  readonly #left: RepeatedWarning;
  /** Puts pseudonyms in the place of addresses, as in the log. */
  pseudonyms: Pseudonyms | undefined;

  /** @throws LogError if it cannot be written */
  constructor(settings: ActivitySettings, logger: Logger, clock: Clock) {
    this.settings = settings;
    const failed = new RepeatedWarning('activity cannot be written', logger, clock);
    this.#left = new RepeatedWarning('records of activity are left out', logger, clock);
    this.#sink = openActivitySink(settings.to, (error) => failed.warn(describeError(error)));
  }

  record(told: Told, surroundings: TextSurroundings): void {
    const known = textContext(surroundings, told);
    const context = this.pseudonyms ? hideContext(known, this.pseudonyms) : known;
    const text = renderPlainTemplate(this.settings.format, context);
    if (!this.#sink.write(text)) this.#left.warn({ id: told.attempt.id });
  }

  /** Ends once the last record has left, or is given up. */
  async close(): Promise<void> {
    await this.#sink.close();
  }
}

/**
 * What records the activity of a configuration; the same where the one before does.
 *
 * @throws LogError if it cannot be written
 */
export function openActivity(
  { activity }: Pick<Config, 'activity'>,
  logger: Logger,
  clock: Clock,
  before?: Activity,
): Activity | undefined {
  if (activity === null) return undefined;
  const { to, format } = activity;
  const settings = { to, format };
  const isSame =
    before?.settings.format.text === format.text &&
    JSON.stringify(before.settings.to) === JSON.stringify(to);
  return isSame ? before : new Activity(settings, logger, clock);
}
