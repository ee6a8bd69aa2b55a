import {
  createLookups,
  type LookupOptions,
  type LookupService,
} from '../../../src/lookups/create-lookups.js';
import {
  startDnsResponder,
  type DnsEntries,
  type DnsResponder,
} from '../../support/dns-responder.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { createRecordingLogger, type RecordingLogger } from '../../support/recording-logger.js';
import type { CleanUp } from '../../support/temp-directory.js';

/** Lookups as the daemon has them, with a name server of the test's own. */
export interface LookupsRig {
  readonly service: LookupService;
  readonly responder: DnsResponder;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
}

/** Starts both; everything ends with the test. */
export async function startLookups(
  t: CleanUp,
  entries: DnsEntries,
  options: Partial<LookupOptions> = {},
): Promise<LookupsRig> {
  const responder = await startDnsResponder(t, entries);
  const clock = createManualClock();
  const logger = createRecordingLogger(t);
  const resolvers = [responder.address];
  const usual = { resolvers, timeoutMs: 1500, geoFiles: [], clock, logger };
  const service = await createLookups({ ...usual, ...options });
  t.after(() => service.close());
  return { service, responder, clock, logger };
}
