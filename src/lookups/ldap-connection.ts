import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Client, type ClientOptions } from 'ldapts';
import type { LdapFinding, LdapQuestion } from '../rules/lookups.js';

/** Who we are to a directory; nobody in particular without it. */
export interface LdapBind {
  readonly dn: string;
  readonly password: string;
}

/** How a connection is made. */
export interface LdapConnectionOptions {
  /** `ldap://host:389` or `ldaps://host`. */
  readonly server: string;
  readonly bind: LdapBind | undefined;
  readonly lookup: LookupFunction;
}

/** More than anybody means; a filter that matches everything must not fetch everything. */
const MAX_ENTRIES = 100;

/**
 * One connection to a directory, for one question at a time. It is of no use any more once something
 * has failed.
 */
export class LdapConnection {
  readonly server: string;
  readonly #client: Client;
  readonly #bind: LdapBind | undefined;
  #socket: Socket | undefined;

  constructor({ server, bind, lookup }: LdapConnectionOptions) {
    this.server = server;
    this.#bind = bind;
    const keep = <T extends Socket>(socket: T): T => {
      this.#socket = socket;
      // Whoever asks is told by the library; when nobody asks, the connection is just gone.
      socket.on('error', () => undefined);
      // An idle connection keeps no process that has nothing else to do.
      socket.unref();
      return socket;
    };
    const where = new URL(server);
    const host = where.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(where.port) || (where.protocol === 'ldaps:' ? 636 : 389);
    const options: ClientOptions = {
      url: server,
      createConnection: () => keep(connectTcp({ host, port, lookup })),
      createSecureConnection: () =>
        keep(connectTls({ host, port, lookup, servername: /[a-z]/i.test(host) ? host : '' })),
    };
    this.#client = new Client(options);
  }

  /** Whether the server has not hung up. */
  get isOpen(): boolean {
    return this.#client.isConnected;
  }

  /**
   * Asks once, and connects first if need be.
   *
   * @throws Error, and is closed then
   */
  async ask(question: LdapQuestion, timeoutMs: number): Promise<LdapFinding> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
    });
    const answer = this.#search(question);
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      // What still waits is told that nobody listens, and that is of no interest any more.
      answer.catch(() => undefined);
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket?.destroy(new Error('the connection is closed'));
  }

  async #search({ base, scope, filter, attributes }: LdapQuestion): Promise<LdapFinding> {
    if (!this.#client.isConnected && this.#bind !== undefined) {
      await this.#client.bind(this.#bind.dn, this.#bind.password);
    }
    const { searchEntries } = await this.#client.search(base, {
      scope,
      filter,
      attributes: [...attributes],
      sizeLimit: MAX_ENTRIES,
    });
    const values = searchEntries.flatMap((entry) =>
      Object.entries(entry).flatMap(([name, value]) =>
        name === 'dn' ? [] : textsOf(value).map((text) => [name, text] as const),
      ),
    );
    return { entries: searchEntries.length, values };
  }
}

/** Of the values of an attribute those that are text. */
function textsOf(value: Buffer | Buffer[] | string[] | string): readonly string[] {
  const all: readonly (Buffer | string)[] = Array.isArray(value) ? value : [value];
  return all.flatMap((one) => (typeof one === 'string' ? [one] : []));
}
