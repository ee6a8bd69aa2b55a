import type { LoadedHttpAccess } from '../configuration/load-http-access.js';
import { AdminService, type AdminServiceDependencies } from './admin-service.js';
import { DaemonMonitoring } from './daemon-monitoring.js';
import { createStatus, type StatusSources } from './daemon-status.js';
import type { MetricsSources } from './metrics-reader.js';

/** All that is shown and steered of a daemon. */
export type SteeringSources = StatusSources &
  Omit<MetricsSources, 'startedAt'> &
  Omit<AdminServiceDependencies, 'startedAt' | 'status' | 'monitoring'>;

/** How a daemon is looked after from outside. */
export interface Steering {
  readonly monitoring: DaemonMonitoring;
  readonly admin: AdminService;
}

/**
 * The admin interface of a daemon that starts now, with the status and the metrics that are asked for
 * there.
 *
 * @param access who may do what over TCP; undefined while nobody listens there
 */
export function createSteering(
  sources: SteeringSources,
  access: LoadedHttpAccess | undefined,
): Steering {
  const startedAt = sources.clock.now();
  const status = createStatus(sources);
  const monitoring = new DaemonMonitoring({ ...sources, startedAt });
  const admin = new AdminService({ ...sources, startedAt, status, monitoring }, access);
  return { monitoring, admin };
}
