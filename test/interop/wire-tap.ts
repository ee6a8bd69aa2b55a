import { chmodSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { parseSocketAddress } from '../../src/config/socket-address.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { splitPackets } from '../support/packet-builder.js';

/** What went over one connection between MTA and filter, a letter for each packet. */
export interface Conversation {
  /** Of the MTA, without macros: `OCHMRTE…`. */
  readonly asked: string;
  /** Of the filter: `Occ…`. */
  readonly answered: string;
}

interface Recording {
  readonly asked: Buffer[];
  readonly answered: Buffer[];
}

/** Stands between MTA and filter, and writes down what they say to each other. */
export class WireTap {
  readonly #recordings: Recording[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #removeDirectory: () => void = () => undefined;

  /**
   * Listens on a Unix socket that both MTAs accept.
   *
   * @param filter where the filter is: `unix:/path`
   * @returns the same for the socket
   */
  open(filter: string): string {
    const target = parseSocketAddress(filter);
    if (!('ok' in target) || !('path' in target.ok)) throw new Error(`${filter} is no Unix socket`);
    const filterPath = target.ok.path;
    const directory = createSocketDirectory({
      after: (remove) => (this.#removeDirectory = remove),
    });
    const path = join(directory, 'tap.sock');
    this.#server = createServer((mta) => this.#join(mta, connect(filterPath)));
    // Postfix is not root.
    this.#server.listen(path, () => chmodSync(path, 0o666));
    return `unix:${path}`;
  }

  /** All conversations so far, which are over, the oldest first; forgotten with that. */
  take(): readonly Conversation[] {
    return this.#recordings.splice(0).map(({ asked, answered }) => ({
      asked: letters(asked).replaceAll('D', ''),
      answered: letters(answered),
    }));
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#removeDirectory();
  }

  #join(mta: Socket, filter: Socket): void {
    const recording: Recording = { asked: [], answered: [] };
    this.#recordings.push(recording);
    this.#pass(mta, filter, recording.asked);
    this.#pass(filter, mta, recording.answered);
  }

  #pass(from: Socket, to: Socket, record: Buffer[]): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => record.push(chunk));
    from.on('error', () => to.destroy());
    from.on('close', () => this.#sockets.delete(from));
    from.pipe(to);
  }
}

function letters(chunks: readonly Buffer[]): string {
  return splitPackets(Buffer.concat(chunks))
    .map(({ command }) => command)
    .join('');
}
