import type { LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Answer, LdapFinding, LdapQuestion, MaybePromise } from '../rules/lookups.js';
import { JoinedAnswers } from './joined-answers.js';
import { LdapConnection, type LdapBind } from './ldap-connection.js';
import type { LookupLog } from './lookup-log.js';
import { unasked } from './unasked.js';

/** The directory, and how it is asked. */
export interface LdapServers {
  /** In the order in which they are tried: `ldap://192.0.2.10`. */
  readonly servers: readonly string[];
  /** For all of a question, whichever servers are tried. */
  readonly timeoutMs: number;
  /** How many questions are under way at a time; who comes then waits. */
  readonly connections: number;
  readonly bind: LdapBind | undefined;
}

interface LdapParts extends LdapServers {
  readonly lookup: LookupFunction;
  readonly clock: { now(): number };
  readonly log: LookupLog;
}

const MAX_ANSWERS = 2_000;
/** A server that has failed is tried last for as long. */
const AVOID_MS = 30_000;
/** Of an answer that is kept; an entry may have a photograph. */
const MAX_VALUES = 256;
const MAX_VALUE_LENGTH = 4096;

/** Asks a directory (RFC 4511), by connections that are kept. */
export class LdapLookups {
  readonly #parts: LdapParts;
  readonly #answers: JoinedAnswers<LdapFinding>;
  readonly #idle: LdapConnection[] = [];
  readonly #busy = new Set<LdapConnection>();
  readonly #waiting: (() => void)[] = [];
  /** When servers failed last, by the monotonic clock. */
  readonly #failedAt = new Map<string, number>();
  #questions = 0;
  #isClosed = false;

  constructor(parts: LdapParts) {
    this.#parts = parts;
    this.#answers = new JoinedAnswers(MAX_ANSWERS, parts.clock);
  }

  /** Never rejects. */
  ask(question: LdapQuestion): MaybePromise<Answer<LdapFinding>> {
    return this.#answers.ask(JSON.stringify(question), () => this.#send(question));
  }

  /** Gives up on what is under way. */
  close(): void {
    this.#isClosed = true;
    for (const connection of [...this.#idle.splice(0), ...this.#busy]) connection.close();
  }

  async #send(question: LdapQuestion): Promise<Answer<LdapFinding>> {
    const { connections, timeoutMs, log } = this.#parts;
    const endsAt = performance.now() + timeoutMs;
    if (this.#questions < connections) this.#questions += 1;
    else if (!(await this.#turn(timeoutMs))) {
      return { known: false, problem: 'LDAP: all connections are busy' };
    }
    const problems: string[] = [];
    try {
      const servers = this.#inOrder();
      for (const [index, server] of servers.entries()) {
        // A server that is silent leaves time for the others.
        const leftMs = (endsAt - performance.now()) / (servers.length - index);
        if (leftMs < 1 || this.#isClosed) break;
        try {
          return { known: true, value: trim(await this.#askServer(server, question, leftMs)) };
        } catch (error) {
          const problem = describe(error);
          this.#failedAt.set(server, performance.now());
          const told = unasked(problem, [question.base, question.filter]);
          log.failed('an LDAP server has no answer', { name: server, problem: told });
          problems.push(`${server}: ${problem}`);
        }
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#questions -= 1;
      else next();
    }
    return { known: false, problem: problems.join('; ') || 'LDAP: no time was left to ask' };
  }

  /** Waits for the turn of a question that is over; false if that takes too long. */
  #turn(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        resolve(false);
      }, timeoutMs);
      this.#waiting.push(go);
    });
  }

  #inOrder(): readonly string[] {
    const now = performance.now();
    const isAvoided = (server: string): boolean =>
      now - (this.#failedAt.get(server) ?? -Infinity) < AVOID_MS;
    const { servers } = this.#parts;
    return [
      ...servers.filter((server) => !isAvoided(server)),
      ...servers.filter((server) => isAvoided(server)),
    ];
  }

  async #askServer(
    server: string,
    question: LdapQuestion,
    timeoutMs: number,
  ): Promise<LdapFinding> {
    const endsAt = performance.now() + timeoutMs;
    const kept = this.#takeIdle(server);
    if (kept !== undefined) {
      try {
        return await this.#askBy(kept, question, timeoutMs);
      } catch (error) {
        // Directories hang up on who says nothing for a while, and it may show only now.
        if (endsAt - performance.now() < 1 || this.#isClosed) throw error;
      }
    }
    const { bind, lookup } = this.#parts;
    const fresh = new LdapConnection({ server, bind, lookup });
    return await this.#askBy(fresh, question, endsAt - performance.now());
  }

  async #askBy(
    connection: LdapConnection,
    question: LdapQuestion,
    timeoutMs: number,
  ): Promise<LdapFinding> {
    this.#busy.add(connection);
    try {
      const found = await connection.ask(question, timeoutMs);
      this.#failedAt.delete(connection.server);
      if (this.#isClosed) connection.close();
      else this.#idle.push(connection);
      return found;
    } finally {
      this.#busy.delete(connection);
    }
  }

  #takeIdle(server: string): LdapConnection | undefined {
    const open = this.#idle.splice(0).filter(({ isOpen }) => isOpen);
    const taken = open.find((connection) => connection.server === server);
    this.#idle.push(...open.filter((connection) => connection !== taken));
    return taken;
  }
}

/** Results of the directory have a name, and often no more to say: `InvalidCredentialsError`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name} ${error.message.trim()}`;
}

function trim({ entries, values }: LdapFinding): LdapFinding {
  const kept = values
    .slice(0, MAX_VALUES)
    .map(([name, value]) => [name, value.slice(0, MAX_VALUE_LENGTH)] as const);
  return { entries, values: kept };
}
