import type { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/schema.js';
import { formatSocketAddress, type SocketAddress } from '../../config/socket-address.js';
import {
  adoptListener,
  applySocketFile,
  isOutOfSight,
  ListenerError,
  openListener,
  type Listener,
  type SocketFileSettings,
} from './listener.js';
import { isSamePlace, type HandedOverSocket } from '../process/socket-activation.js';
import { findGroup, findUser, type SystemUser } from '../process/system-account.js';

/** What is spoken at a listener. */
export type ListenerProtocol = 'milter' | 'policy' | 'admin' | 'http';

/** An address with what is to be spoken there, and who may if it is a Unix socket. */
interface Wanted {
  readonly address: SocketAddress;
  readonly protocol: ListenerProtocol;
  readonly socketFile: SocketFileSettings;
}

/** What is in force at a listener: a reload may send the connections to come elsewhere. */
interface Route {
  protocol: ListenerProtocol;
  /** Undefined until it is known for which of the settings it was handed over. */
  socketFile?: SocketFileSettings;
}

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
  readonly #onConnection: (socket: Socket, protocol: ListenerProtocol) => void;
  readonly #routes = new Map<Listener, Route>();
  /** Those that nobody has looked at yet. */
  #handedOver: readonly HandedOverSocket[];
  #listeners: readonly Listener[] = [];

  /**
   * @param user whom Unix sockets belong to if no setting says otherwise; undefined: to us
   * @param handedOver used in place of opening what is configured at the same address
   */
  constructor(
    user: SystemUser | undefined,
    onConnection: (socket: Socket, protocol: ListenerProtocol) => void,
    handedOver: readonly HandedOverSocket[] = [],
  ) {
    this.#user = user;
    this.#onConnection = onConnection;
    this.#handedOver = handedOver;
  }

  /** Where MTAs find us, in Sendmail's spelling. */
  get addresses(): readonly string[] {
    return this.#listeners
      .filter((listener) => isOfMtas(this.#routes.get(listener)?.protocol))
      .map((listener) => listener.address);
  }

  /** All of them, with what is spoken there. */
  get listeners(): readonly { readonly protocol: ListenerProtocol; readonly address: string }[] {
    return this.#listeners.flatMap((listener) => {
      const route = this.#routes.get(listener);
      return route === undefined ? [] : [{ protocol: route.protocol, address: listener.address }];
    });
  }

  /**
   * Opens what is missing, at the start what was not handed over.
   *
   * @throws ListenerError, AccountError; nothing has changed then
   */
  async prepare(listen: Config['listen']): Promise<ListenerChange> {
    const wanted = wantedBy(listen, this.#user);
    const isWanted = (listener: Listener): boolean =>
      wanted.some(({ address }) => isAt(listener, address));
    const kept = this.#listeners.filter(isWanted);
    const opened: Listener[] = [];
    const rollback = (): void => this.#closeAll(opened);
    try {
      await this.#adopt(opened, wanted);
      refuseUnwanted([...this.#listeners, ...opened], isWanted);
      const there = [...kept, ...opened];
      for (const { address, protocol, socketFile } of wanted) {
        if (there.some((listener) => isAt(listener, address))) continue;
        opened.push(
          await this.#routed({ protocol, socketFile }, (onConnection) =>
            openListener(address, { socketFile, onConnection }),
          ),
        );
      }
      for (const listener of kept) await this.#renewSocketFile(listener, wanted);
    } catch (error) {
      rollback();
      throw error;
    }
    const commit = (): void => {
      this.#closeAll(this.#listeners.filter((listener) => !kept.includes(listener)));
      this.#listeners = [...kept, ...opened];
      for (const listener of kept) this.#direct(listener, wanted);
    };
    return { opened, commit, rollback };
  }

  /** Gives a socket that stays the owners and the mode that are wanted now. */
  async #renewSocketFile(listener: Listener, wanted: readonly Wanted[]): Promise<void> {
    const { socketAddress, isHandedOver } = listener;
    const file = wanted.find(({ address }) => isAt(listener, address))?.socketFile;
    if (socketAddress.kind !== 'unix' || isHandedOver || file === undefined) return;
    const inForce = this.#routes.get(listener)?.socketFile;
    // Root may have opened it where the user may not look, as below Postfix's "private". Unless something
    // else is wanted now, nothing has to be done there.
    if (isDeepStrictEqual(file, inForce) && (await isOutOfSight(socketAddress.path))) return;
    await applySocketFile(socketAddress.path, file);
  }

  async #adopt(opened: Listener[], wanted: readonly Wanted[]): Promise<void> {
    const sockets = this.#handedOver;
    this.#handedOver = [];
    for (const socket of sockets) {
      const listener = await this.#routed({ protocol: 'milter' }, (onConnection) =>
        adoptListener(socket, onConnection),
      );
      // Its address is known only now; nothing can have connected yet.
      this.#direct(listener, wanted);
      opened.push(listener);
    }
  }

  async #routed(
    route: Route,
    open: (onConnection: (socket: Socket) => void) => Promise<Listener>,
  ): Promise<Listener> {
    const listener = await open((socket) => this.#onConnection(socket, route.protocol));
    this.#routes.set(listener, route);
    return listener;
  }

  #direct(listener: Listener, wanted: readonly Wanted[]): void {
    const route = this.#routes.get(listener);
    const there = wanted.find(({ address }) => isAt(listener, address));
    if (route === undefined || there === undefined) return;
    route.protocol = there.protocol;
    route.socketFile = there.socketFile;
  }

  /** Stops listening; connections go on. */
  close(): void {
    this.#closeAll(this.#listeners);
    this.#listeners = [];
  }

  #closeAll(listeners: readonly Listener[]): void {
    for (const listener of listeners) {
      this.#routes.delete(listener);
      listener.close();
    }
  }
}

function wantedBy(listen: Config['listen'], user: SystemUser | undefined): readonly Wanted[] {
  const { milter, policy, admin, http } = listen;
  const socketFile = socketFileSettings(listen.socket, user);
  const ofMtas = [
    ...milter.map((address) => ({ address, protocol: 'milter' as const, socketFile })),
    ...policy.map((address) => ({ address, protocol: 'policy' as const, socketFile })),
  ];
  const rest: Wanted[] = http === null ? [] : [{ address: http, protocol: 'http', socketFile }];
  if (admin === null) return [...ofMtas, ...rest];
  const adminFile = socketFileSettings(listen['admin-socket'], user);
  return [...ofMtas, { address: admin, protocol: 'admin', socketFile: adminFile }, ...rest];
}

function isOfMtas(protocol: ListenerProtocol | undefined): boolean {
  return protocol === 'milter' || protocol === 'policy';
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
    `systemd has opened ${stray.address}, which is in none of listen.milter, listen.policy, listen.admin and listen.http: add it there, or take it out of the socket unit`,
  );
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
