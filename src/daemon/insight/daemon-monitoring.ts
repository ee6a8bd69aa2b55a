import type { Monitoring, Readiness } from '../../admin/monitoring.js';
import type { ShownImpairment } from '../../admin/status.js';
import type { Exposition } from '../../telemetry/metrics.js';
import type { MetricsReader, MetricsSources } from './metrics-reader.js';
import { showImpairments } from './shown-impairments.js';

const stopping: ShownImpairment = { cause: 'stopping', text: 'the filter is stopping' };

/** Until mail meets it: from then on it is known since when. */
const unreadable: ShownImpairment = { cause: 'store-read', text: 'the store cannot be read' };

/** What monitoring asks of a daemon. What makes metrics is loaded when they are asked for first. */
export class DaemonMonitoring implements Monitoring {
  readonly #sources: MetricsSources;
  #reader: Promise<MetricsReader> | undefined;
  #isStopping = false;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
  }

  async metrics(accept: string | undefined): Promise<Exposition> {
    this.#reader ??= this.#load();
    return await (await this.#reader).read(accept);
  }

  async readiness(): Promise<Readiness> {
    const { counts, store, daemon, lastReload, clock } = this.#sources;
    const { config } = daemon();
    const { mode } = config.greylist;
    const impairments = showImpairments({ counts, config, lastReload: lastReload(), clock });
    if (this.#isStopping) return { isReady: false, mode, impairments: [stopping, ...impairments] };
    try {
      await store.get('readiness');
      return { isReady: true, mode, impairments };
    } catch {
      // Whoever is asked about a mail logs it; here it is the answer.
      const isTold = impairments.some(({ cause }) => cause === unreadable.cause);
      return {
        isReady: false,
        mode,
        impairments: isTold ? impairments : [unreadable, ...impairments],
      };
    }
  }

  /** From now on nothing is ready, and nothing is counted. */
  stop(): void {
    this.#isStopping = true;
    this.#reader?.then(
      (reader) => reader.stop(),
      () => undefined,
    );
  }

  async #load(): Promise<MetricsReader> {
    const { MetricsReader: Reader } = await import('./metrics-reader.js');
    return new Reader(this.#sources);
  }
}
