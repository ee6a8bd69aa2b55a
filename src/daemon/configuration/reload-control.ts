import type { ReloadReport } from '../../admin/status.js';

/** Reads the configuration again for a daemon: what the admin interface needs of it. */
export interface ReloadControl {
  /** Undefined if there was none. */
  readonly last: ReloadReport | undefined;
  /** What is doubtful about the configuration in force, a line each. */
  readonly warnings: readonly string[];
  /** Does another one. Never rejects. */
  readonly reload: () => Promise<ReloadReport>;
}
