import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import { Flight } from './flight.js';
import { RedisReplyError } from './redis-errors.js';

/** Where a server listens. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Who we are to a server. */
export interface RedisCredentials {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** What TLS needs; PEM. */
export interface RedisTls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Whose certificate it must be; without it the host's. */
  readonly serverName: string | undefined;
}

/** How servers are spoken to. */
export interface RedisLinkSettings {
  /** Asked anew for each connection, so that a password can be changed while we run. */
  readonly credentials: () => Promise<RedisCredentials>;
  /** Read anew, too: certificates end. Without it there is no TLS. */
  readonly tls: (() => Promise<RedisTls>) | undefined;
  readonly database: number;
  /** Until a connection can be used, with TLS and log-in. */
  readonly connectTimeoutMs: number;
  /** Until an answer is there. */
  readonly timeoutMs: number;
}

/** The words of a command. */
export type RedisCommand = readonly (string | Buffer)[];

/** What a record stands under; what a scan finds may be no text. */
export type RedisKey = string | Buffer;

/** What a server answers: texts come as Buffers. */
export type RedisReply = unknown;

/**
 * Of all commands: the client copies what it is given with each of them, which costs 2 µs.
 *
 * Its own time-out ends once a command has been written, is five seconds whatever ours is, and costs each
 * command a timer: none.
 */
const COMMAND_OPTIONS = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer }, timeout: 0 };

type Client = Pick<
  ReturnType<typeof createOurs>,
  'connect' | 'destroy' | 'isOpen' | 'on' | 'sendCommand'
>;

/** All of them have a time-out, so this bounds nothing but memory in a flood. */
const MAX_IN_FLIGHT = 50_000;

/** What waits to be sent, and who waits for the answer. */
interface Asked {
  readonly command: RedisCommand;
  readonly answer: (reply: RedisReply) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One connection that was made, until it is lost. Commands of one turn of the event loop leave
 * together, and of more of them where much is to be done; answers come in their order.
 *
 * The client forgets its time-outs once a command has been sent, and a server that hangs closes
 * nothing, so the time is kept here. Who is late once is given up: what it would answer after that
 * nobody waits for any more, and behind a late answer all others are late.
 */
export class RedisLink {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #onLost: (error: Error) => void;
  readonly #flight = new Flight<Asked>(
    (all) => {
      for (const asked of all) this.#ask(asked);
    },
    () => performance.now(),
  );
  /** When the answers are due that are waited for, in their order. */
  readonly #due: number[] = [];
  #answered = 0;
  #timer: NodeJS.Timeout | undefined;
  #lost: Error | undefined;

  private constructor(client: Client, timeoutMs: number, onLost: (error: Error) => void) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#onLost = onLost;
  }

  /** Connects and logs in; rejects if that does not work, or not in time. */
  static async open(
    { host, port }: RedisEndpoint,
    settings: RedisLinkSettings,
    onLost: (error: Error) => void,
  ): Promise<RedisLink> {
    const { user, password } = await settings.credentials();
    const tls = await settings.tls?.();
    const { connectTimeoutMs: connectTimeout, timeoutMs } = settings;
    const client: Client = createOurs({ host, port }, settings, { user, password, tls });
    const link = new RedisLink(client, timeoutMs, onLost);
    client.on('error', (error: Error) => link.drop(error));
    client.on('end', () => link.drop(new Error('the server has closed the connection')));
    const late = setTimeout(
      () => link.drop(new Error(`no connection within ${connectTimeout / 1000} s`)),
      connectTimeout,
    );
    try {
      await client.connect();
    } catch (error) {
      throw toReplyError(link.#lost ?? error);
    } finally {
      clearTimeout(late);
    }
    return link;
  }

  /** Rejects with a RedisReplyError if the server says no, and otherwise if it says nothing. */
  send(command: RedisCommand): Promise<RedisReply> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    this.#due.push(performance.now() + this.#timeoutMs);
    this.#timer ??= this.#watch(this.#timeoutMs);
    return new Promise((answer, fail) => this.#flight.add({ command, answer, fail }));
  }

  /** Gives it up: all that waits for an answer gets this error. */
  drop(error: Error): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    clearTimeout(this.#timer);
    if (this.#client.isOpen) this.#client.destroy();
    this.#onLost(error);
  }

  #ask({ command, answer, fail }: Asked): void {
    this.#client.sendCommand<RedisReply>(command).then(
      (reply) => {
        this.#settle();
        answer(reply);
      },
      (error: unknown) => {
        this.#settle();
        fail(error instanceof ErrorReply ? toReplyError(error) : (this.#lost ?? error));
      },
    );
  }

  #settle(): void {
    this.#answered++;
    if (this.#answered < this.#due.length) return;
    this.#due.length = 0;
    this.#answered = 0;
  }

  #watch(ms: number): NodeJS.Timeout {
    // Timers come before what has been received meanwhile: that may be the answer.
    return setTimeout(() => setImmediate(() => this.#look()), ms);
  }

  #look(): void {
    if (this.#lost !== undefined) return;
    const due = this.#due[this.#answered];
    const left = due === undefined ? undefined : due - performance.now();
    if (left !== undefined && left <= 0) {
      this.drop(new Error(`no answer within ${this.#timeoutMs / 1000} s`));
      return;
    }
    this.#due.splice(0, this.#answered);
    this.#answered = 0;
    this.#timer = left === undefined ? undefined : this.#watch(left + 1);
  }
}

function createOurs(
  { host, port }: RedisEndpoint,
  { connectTimeoutMs: connectTimeout, database }: RedisLinkSettings,
  { user, password, tls }: RedisCredentials & { readonly tls: RedisTls | undefined },
) {
  const common = { host, port, connectTimeout, reconnectStrategy: false as const };
  return createClient({
    socket: tls === undefined ? common : { ...common, ...tlsOptions(tls) },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    database,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandsQueueMaxLength: MAX_IN_FLIGHT,
    commandOptions: COMMAND_OPTIONS,
  });
}

function tlsOptions({ ca, cert, key, serverName }: RedisTls) {
  return {
    tls: true as const,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // An address cannot be one (RFC 6066 section 3), but is what the certificate is for all the same.
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

function toReplyError(error: unknown): unknown {
  if (!(error instanceof ErrorReply)) return error;
  return new RedisReplyError(error.message, { cause: error });
}
