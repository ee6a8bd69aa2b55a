import { existsSync } from 'node:fs';
import { AdminClient } from '../../admin/admin-client.js';
import { AdminError } from '../../admin/admin-error.js';
import type { Config } from '../../config/schema.js';
import type { JsonFields } from '../../migrate/json-fields.js';

/** A daemon that answers. */
export interface ReachedDaemon {
  readonly client: AdminClient;
  /** What it says of itself. */
  readonly status: JsonFields;
}

/** The daemon that runs with a configuration; undefined if none does. @throws AdminError */
export async function findDaemon({ listen }: Config): Promise<ReachedDaemon | undefined> {
  const path = listen.admin?.path;
  if (path === undefined || !existsSync(path)) return undefined;
  const client = new AdminClient(path);
  try {
    return { client, status: await client.read('/v1/status') };
  } catch (error) {
    client.close();
    // What a crash has left: nobody listens there any more.
    if (error instanceof AdminError && error.code === 'ADMIN_UNREACHABLE') return undefined;
    throw error;
  }
}

/**
 * The same for what only a daemon can do.
 *
 * @param file the configuration that was named
 * @throws AdminError ADMIN_UNREACHABLE if none runs
 */
export async function requireDaemon(
  config: Config,
  file: string | undefined,
): Promise<AdminClient> {
  const daemon = await findDaemon(config);
  if (daemon !== undefined) return daemon.client;
  throw new AdminError('ADMIN_UNREACHABLE', `no filter runs: ${whereAsked(config, file)}`);
}

/** Where a daemon was looked for. @param file the configuration that was named */
export function whereAsked({ listen: { admin } }: Config, file: string | undefined): string {
  if (admin === null) return 'listen.admin is null, so nobody can ask it';
  const why =
    file === undefined
      ? '; --config FILE says which one is meant'
      : `, which is listen.admin with ${file}`;
  return `nobody answers at ${admin.path}${why}`;
}
