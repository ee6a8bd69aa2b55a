import type { Config } from '../../config/schema.js';

/** Why a reload cannot be had, whatever its configuration is. */
export type ReloadErrorCode =
  /** It asks for what only a new start can do. */
  | 'RELOAD_NEEDS_RESTART'
  /** The daemon is stopping. */
  | 'RELOAD_STOPPING';

/** A reload that cannot be had; the message says what to do. */
export class ReloadError extends Error {
  readonly code: ReloadErrorCode;

  constructor(code: ReloadErrorCode, message: string) {
    super(message);
    this.name = 'ReloadError';
    this.code = code;
  }
}

/** Nothing is reloaded any more: it would listen again, and never end. */
export function stoppingError(): ReloadError {
  return new ReloadError('RELOAD_STOPPING', 'the daemon is stopping: start it anew');
}

const restartSettings: readonly (readonly [name: string, read: (config: Config) => unknown])[] = [
  ['store.url', ({ store }) => store.url],
  ['store.durability', ({ store }) => store.durability],
  ['store.journal', ({ store }) => store.journal],
  ['store.redis', ({ store }) => store.redis],
  ['pid-file', (config) => config['pid-file']],
];

/** @throws ReloadError RELOAD_NEEDS_RESTART if something has changed that a reload cannot change */
export function refuseRestartSettings(current: Config, next: Config): void {
  const changed = restartSettings.find(
    ([, read]) => JSON.stringify(read(current)) !== JSON.stringify(read(next)),
  )?.[0];
  if (changed === undefined) return;
  const message = `${changed} cannot change while the daemon runs: restart it, or set it back`;
  throw new ReloadError('RELOAD_NEEDS_RESTART', message);
}
