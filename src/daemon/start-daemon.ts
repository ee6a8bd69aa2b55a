import type { Socket } from 'node:net';
import type { ServerTime } from '../store/redis/server-time.js';
import { Daemon, type DaemonOptions, type DaemonParts } from './daemon.js';
import { pendingCaps } from './greylisting/pending-gate.js';
import { createDoorkeeper } from './listening/doorkeeper.js';
import { CountedStore } from './stores/counted-store.js';
import { ForgottenTriplets } from './stores/forgotten-triplets.js';
import { importAtStart } from './stores/import-at-start.js';
import {
  ListenerSet,
  type ListenerChange,
  type ListenerProtocol,
} from './listening/listener-set.js';
import { loadHttpAccess } from './configuration/load-http-access.js';
import { loadStore, type KeptEntry } from './stores/open-store.js';
import { PendingTriplets } from './stores/pending-triplets.js';
import { expiryTime } from './process/clock.js';
import { MailFirst } from './process/mail-first.js';
import { becomeUser, prepareDirectories } from './process/privileges.js';
import { finishInterrupted } from '../store/find-level-store.js';
import { refuseExposedSecrets } from './configuration/secret-files.js';
import { SharedClock } from './process/shared-clock.js';
import { heldFilesRoom, readDescriptorLimit } from './listening/descriptor-room.js';
import { warnOfFewDescriptors } from './listening/server-limits.js';
import { shareSocketClasses } from './listening/socket-classes.js';
import { StoreTap } from './stores/store-tap.js';

/**
 * Opens the sockets, becomes the user, opens the store, and serves. Whatever connects before the
 * store is open waits.
 *
 * @throws SecretExposedError, HttpAccessError, ListenerError, AccountError, StoreError; nothing is left open then
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, clock, logger, user } = options;
  const early: (readonly [socket: Socket, protocol: ListenerProtocol])[] = [];
  let daemon: Daemon | undefined;
  const isLetIn = createDoorkeeper(() => daemon?.config ?? config, logger, clock);
  const accept = (socket: Socket, protocol: ListenerProtocol): void => {
    if (!isLetIn(socket, protocol)) return;
    if (daemon === undefined) {
      early.push([socket.on('error', () => undefined), protocol]);
    } else {
      daemon.accept(socket, protocol);
    }
  };
  await refuseExposedSecrets(config);
  shareSocketClasses();
  warnOfFewDescriptors(config, logger);
  const access = await loadHttpAccess(config);
  const listeners = new ListenerSet(user, accept, options.handedOver);
  if (user !== undefined) {
    // It may take root, as it takes root to make a directory.
    const { url } = config.store;
    if (url.kind === 'level') await finishInterrupted(url.path, logger);
    prepareDirectories(config, user);
  }
  const change = await listeners.prepare(config.listen);
  try {
    daemon = await openAndCommit(options, { listeners, access }, change);
  } catch (error) {
    change.rollback();
    for (const [socket] of early) socket.destroy();
    throw error;
  }
  for (const [socket, protocol] of early) if (!socket.destroyed) daemon.accept(socket, protocol);
  return daemon;
}

async function openAndCommit(
  options: DaemonOptions,
  { listeners, access }: Pick<DaemonParts, 'listeners' | 'access'>,
  change: ListenerChange,
): Promise<Daemon> {
  const { config, logger, user, setTestTime, clock: ownClock } = options;
  const openStore = options.openStore ?? (await loadStore(config.store.url.kind));
  const clock = new SharedClock(ownClock, logger);
  // A test that says what time it is means it.
  const onServerTime =
    setTestTime === undefined ? (time: ServerTime): void => clock.hear(time) : undefined;
  options.onListening?.();
  if (user !== undefined) becomeUser(user);
  const forgotten = new ForgottenTriplets(logger);
  const onExpired = (entry: KeptEntry): void => forgotten.count(entry);
  // Whatever lives on knows the clock alone: the options would keep the first rules alive.
  const onLastUse = (lastUsedAt: number): void => ownClock.resume?.(lastUsedAt);
  const storeClock = { now: () => expiryTime(clock) };
  const paces = new MailFirst();
  const heldFiles = heldFilesRoom(readDescriptorLimit());
  const ears = { onExpired, onLastUse, onServerTime };
  const { journalDirectory } = options;
  const dependencies = { clock: storeClock, logger, paces, heldFiles, journalDirectory, ...ears };
  const pending = new PendingTriplets({ clock, logger, caps: pendingCaps(config) });
  const opened = await openStore(config.store, dependencies);
  const store = new StoreTap(new CountedStore(opened, pending));
  change.commit();
  await importAtStart(config, store, { clock, logger });
  return new Daemon({ ...options, clock }, { store, listeners, forgotten, pending, access, paces });
}
