import type { Socket } from 'node:net';
import type { Config } from '../config/schema.js';
import { formatSocketAddress, type SocketAddress } from '../config/socket-address.js';
import {
  adoptListener,
  applySocketFile,
  ListenerError,
  openListener,
  type Listener,
  type SocketFileSettings,
} from './listener.js';
import { isSamePlace, type HandedOverSocket } from './socket-activation.js';
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
  /** Those that nobody has looked at yet. */
  #handedOver: readonly HandedOverSocket[];
  #listeners: readonly Listener[] = [];

  /**
   * @param user whom Unix sockets belong to if no setting says otherwise; undefined: to us
   * @param handedOver used in place of opening what is configured at the same address
   */
  constructor(
    user: SystemUser | undefined,
    onConnection: (socket: Socket) => void,
    handedOver: readonly HandedOverSocket[] = [],
  ) {
    this.#user = user;
    this.#onConnection = onConnection;
    this.#handedOver = handedOver;
  }

  /** Where they are, in Sendmail's spelling. */
  get addresses(): readonly string[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /**
   * Opens what is missing, at the start what was not handed over.
   *
   * @throws ListenerError, AccountError; nothing has changed then
   */
  async prepare(listen: Config['listen']): Promise<ListenerChange> {
    const socketFile = socketFileSettings(listen.socket, this.#user);
    const isWanted = (listener: Listener): boolean =>
      listen.milter.some((address) => isAt(listener, address));
    const kept = this.#listeners.filter(isWanted);
    const opened: Listener[] = [];
    const rollback = (): void => closeAll(opened);
    try {
      await this.#adopt(opened);
      refuseUnwanted([...this.#listeners, ...opened], isWanted);
      const there = [...kept, ...opened];
      for (const address of listen.milter) {
        if (there.some((listener) => isAt(listener, address))) continue;
        opened.push(await openListener(address, { socketFile, onConnection: this.#onConnection }));
      }
      for (const { socketAddress, isHandedOver } of kept) {
        if (socketAddress.kind === 'unix' && !isHandedOver)
          await applySocketFile(socketAddress.path, socketFile);
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

  async #adopt(opened: Listener[]): Promise<void> {
    const sockets = this.#handedOver;
    this.#handedOver = [];
    for (const socket of sockets) opened.push(await adoptListener(socket, this.#onConnection));
  }

  /** Stops listening; connections go on. */
  close(): void {
    closeAll(this.#listeners);
    this.#listeners = [];
  }
}

function isAt({ configured, isHandedOver, socketAddress }: Listener, address: SocketAddress) {
  return isHandedOver
    ? isSamePlace(socketAddress, address)
    : configured === formatSocketAddress(address);
}

// We could leave it alone, but whoever holds it does not: an MTA would connect, and wait for its
// time-out in each session.
function refuseUnwanted(
  listeners: readonly Listener[],
  isWanted: (listener: Listener) => boolean,
): void {
  const stray = listeners.find((listener) => listener.isHandedOver && !isWanted(listener));
  if (stray === undefined) return;
  throw new ListenerError(
    'LISTENER_NOT_CONFIGURED',
    `systemd has opened ${stray.address}, which is not in listen.milter: add it there, or take it out of the socket unit`,
  );
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
