import type { LoadedConfig } from '../../config/load.js';
import type { ReadableStore } from '../../daemon/trials/store-rehearsal.js';
import { storePlace } from '../../config/store-url.js';
import { StoreError } from '../../store/store.js';
import { isStoreThere } from '../../store/find-level-store.js';
import { openToLook } from '../records/look-at-store.js';
import { askRunningStore } from './running-store.js';

/** What the store was asked, and why not if it was not. */
export type StoreState =
  | { readonly kind: 'read' | 'absent'; readonly path: string }
  | { readonly kind: 'skipped' }
  /** In use, or broken; what to do is part of the problem. */
  | {
      readonly kind: 'unreadable';
      readonly path: string;
      readonly code: string;
      readonly problem: string;
    };

/** A store to look into, as far as it can be. */
export interface StoreLook {
  readonly state: StoreState;
  /** Undefined if nobody knows what it holds. */
  readonly store: ReadableStore | undefined;
  /** When the filter that was asked read its configuration, where that is another one than ours. */
  readonly otherSettingsSince?: string | undefined;
  close(): Promise<void>;
}

const nothing: ReadableStore = { get: () => undefined };
const closed = (): Promise<void> => Promise.resolve();

const lockedHint =
  'a running greymilter has it open, and cannot be asked at the listen.admin of this configuration. ' +
  'Name its own by --config, stop it (systemctl stop greymilter), or see in its log what it said.';

/**
 * Opens the store for looking, without changing it, or asks the filter that has it open; whatever is
 * wrong with it is part of the answer.
 */
export async function lookIntoStore(
  { config }: Pick<LoadedConfig, 'config'>,
  now: number,
): Promise<StoreLook> {
  const { url } = config.store;
  const path = storePlace(url);
  try {
    if (url.kind === 'level' && !(await isStoreThere(path))) {
      return { state: { kind: 'absent', path }, store: nothing, close: closed };
    }
    const store = await openToLook(config, { now: () => now });
    return { state: { kind: 'read', path }, store, close: () => store.close() };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const running = await askRunningStore(config, path, now);
    if (running !== undefined) return { state: { kind: 'read', path }, ...running };
    const { code, message } = error;
    const problem = code === 'STORE_LOCKED' ? lockedHint : message;
    return { state: { kind: 'unreadable', path, code, problem }, store: undefined, close: closed };
  }
}

/** The store is none of the question. */
export const leftAlone: StoreLook = { state: { kind: 'skipped' }, store: undefined, close: closed };
