import type { Monitoring, Readiness } from '../admin/monitoring.js';
import type { Exposition } from '../telemetry/metrics.js';
import type { MetricsReader, MetricsSources } from './metrics-reader.js';

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
    const { counts, store, daemon } = this.#sources;
    const { mode } = daemon().config.greylist;
    const impairments = counts.impairments.present;
    if (this.#isStopping) return { isReady: false, mode, impairments: ['the filter is stopping'] };
    try {
      await store.get('readiness');
      return { isReady: true, mode, impairments };
    } catch {
      // Whoever is asked about a mail logs it; here it is the answer.
      return { isReady: false, mode, impairments: ['the store cannot be read'] };
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
