import type { Socket } from 'node:net';
import type { Config } from '../config/schema.js';
import { formatSocketAddress } from '../config/socket-address.js';
import {
  applySocketFile,
  openListener,
  type Listener,
  type SocketFileSettings,
} from './listener.js';
import { findGroup, findUser, type SystemUser } from './system-account.js';

/** New listeners that are open, beside the old ones, until one or the other is given up. */
export interface ListenerChange {
  readonly opened: readonly Listener[];
  /** Closes the listeners that are no longer wanted. */
  commit(): void;
  /** Closes the new ones; all is as before. */
  rollback(): void;
}

/** The listeners of a daemon; what stays the same through a reload is never closed. */
export class ListenerSet {
  readonly #user: SystemUser | undefined;
  readonly #onConnection: (socket: Socket) => void;
  #listeners: readonly Listener[] = [];

  /** @param user whom Unix sockets belong to if no setting says otherwise; undefined: to us */
  constructor(user: SystemUser | undefined, onConnection: (socket: Socket) => void) {
    this.#user = user;
    this.#onConnection = onConnection;
  }

  /** Where they are, in Sendmail's spelling. */
  get addresses(): readonly string[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /**
   * Opens what is missing.
   *
   * @throws ListenerError, AccountError; nothing has changed then
   */
  async prepare(listen: Config['listen']): Promise<ListenerChange> {
    const socketFile = socketFileSettings(listen.socket, this.#user);
    const wanted = listen.milter.map((address) => formatSocketAddress(address));
    const kept = this.#listeners.filter(({ configured }) => wanted.includes(configured));
    const opened: Listener[] = [];
    const rollback = (): void => closeAll(opened);
    try {
      for (const address of listen.milter) {
        if (kept.some(({ configured }) => configured === formatSocketAddress(address))) continue;
        opened.push(await openListener(address, { socketFile, onConnection: this.#onConnection }));
      }
      for (const { socketAddress } of kept) {
        if (socketAddress.kind === 'unix') await applySocketFile(socketAddress.path, socketFile);
      }
    } catch (error) {
      rollback();
      throw error;
    }
    const commit = (): void => {
      closeAll(this.#listeners.filter((listener) => !kept.includes(listener)));
      this.#listeners = [...kept, ...opened];
    };
    return { opened, commit, rollback };
  }

  /** Stops listening; connections go on. */
  close(): void {
    closeAll(this.#listeners);
    this.#listeners = [];
  }
}

function closeAll(listeners: readonly Listener[]): void {
  for (const listener of listeners) listener.close();
}

function socketFileSettings(
  socket: Config['listen']['socket'],
  user: SystemUser | undefined,
): SocketFileSettings {
  return {
    mode: socket.mode,
    uid: socket.owner === null ? user?.uid : findUser(socket.owner).uid,
    gid: socket.group === null ? user?.gid : findGroup(socket.group),
  };
}
