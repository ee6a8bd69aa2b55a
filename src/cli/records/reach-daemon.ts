import { existsSync } from 'node:fs';
import { AdminClient } from '../../admin/admin-client.js';
import { AdminError } from '../../admin/admin-error.js';
import type { Config } from '../../config/schema.js';
import type { JsonFields } from '../../migrate/json-fields.js';
import { findFilter, loadSupported, type ConfigArguments } from '../arguments/config-options.js';

/** A daemon that answers. */
export interface ReachedDaemon {
  readonly client: AdminClient;
  /** What it says of itself. */
  readonly status: JsonFields;
}

type Whereabouts = Pick<Config, 'listen'>;

/** The daemon that runs with a configuration; undefined if none does. @throws AdminError */
export async function findDaemon({ listen }: Whereabouts): Promise<ReachedDaemon | undefined> {
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
 * The one that is meant, for what only a daemon can do.
 *
 * @throws AdminError ADMIN_UNREACHABLE if none runs, or ConfigError if something is wrong anywhere in its
 *   configuration, which may be why
 */
export async function requireDaemon(args: ConfigArguments): Promise<AdminClient> {
  const config = await findFilter(args);
  const daemon = await findDaemon(config);
  if (daemon !== undefined) return daemon.client;
  await loadSupported(args);
  throw new AdminError('ADMIN_UNREACHABLE', `no filter runs: ${whereAsked(config, args.config)}`);
}

/** Where a daemon was looked for. @param file the configuration that was named */
export function whereAsked({ listen: { admin } }: Whereabouts, file: string | undefined): string {
  if (admin === null) return 'listen.admin is null, so nobody can ask it';
  const why =
    file === undefined
      ? '; --config FILE says which one is meant'
      : `, which is listen.admin with ${file}`;
  return `nobody answers at ${admin.path}${why}`;
}
