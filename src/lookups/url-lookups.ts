import type { LookupFunction } from 'node:net';
import type { Answer, MaybePromise, NamedValues, UrlQuestion } from '../rules/lookups.js';
import { AnswerCache } from './answer-cache.js';
import { readAnswerLines } from './answer-lines.js';
import type { LookupLog } from './lookup-log.js';
import { createUrlAgents, requestUrl, type UrlAgents } from './url-request.js';

/** How a server is asked. */
export interface UrlServer {
  readonly timeoutMs: number;
  /** How many connections there are to it at most; who finds none free waits. */
  readonly connections: number;
}

interface UrlParts {
  readonly servers: Readonly<Record<string, UrlServer>>;
  readonly lookup: LookupFunction;
  readonly clock: { now(): number };
  readonly log: LookupLog;
}

/** So that the recipients of one message cost one question; and no longer, since servers count. */
const TTL_MS = 10_000;
/** An answer has 4 KiB at most. */
const MAX_ANSWERS = 2_000;

/** Asks web servers what rules want to know: by definition and whole URL. */
export class UrlLookups {
  readonly #parts: UrlParts;
  readonly #agents: ReadonlyMap<string, UrlAgents>;
  readonly #answers = new AnswerCache<Answer<NamedValues>>({
    maxEntries: MAX_ANSWERS,
    minTtlMs: TTL_MS,
    maxTtlMs: TTL_MS,
  });
  readonly #underWay = new Map<string, Promise<Answer<NamedValues>>>();
  readonly #closing = new AbortController();

  constructor(parts: UrlParts) {
    this.#parts = parts;
    this.#agents = new Map(
      Object.entries(parts.servers).map(([name, { connections }]) => [
        name,
        createUrlAgents(connections),
      ]),
    );
  }

  /** Never rejects. A message that is posted is another one each time, so that is not remembered. */
  ask(question: UrlQuestion): MaybePromise<Answer<NamedValues>> {
    const { name, url, message } = question;
    if (message !== undefined) return this.#send(question);
    const key = `${name} ${url}`;
    const known = this.#answers.get(key, this.#parts.clock.now()) ?? this.#underWay.get(key);
    if (known !== undefined) return known;
    const answer = this.#send(question).then((found) => {
      this.#underWay.delete(key);
      if (found.known) this.#answers.set(key, found, this.#parts.clock.now(), TTL_MS);
      return found;
    });
    this.#underWay.set(key, answer);
    return answer;
  }

  /** Gives up on what is under way. */
  close(): void {
    this.#closing.abort();
    for (const agents of this.#agents.values()) {
      agents.http.destroy();
      agents.https.destroy();
    }
  }

  async #send({ name, url: text, message }: UrlQuestion): Promise<Answer<NamedValues>> {
    const { servers, lookup, log } = this.#parts;
    const server = servers[name];
    const agents = this.#agents.get(name);
    if (server === undefined || agents === undefined) {
      return { known: false, problem: `there is no URL ${name}` };
    }
    try {
      const url = new URL(text);
      // What was filled in may have made another one of it.
      if (!/^https?:$/.test(url.protocol)) throw new Error(`${url.protocol} is no URL of the web`);
      const { timeoutMs } = server;
      const { signal } = this.#closing;
      const said = await requestUrl({ url, agents, lookup, timeoutMs, message, signal });
      return { known: true, value: readAnswerLines(said) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.failed('a URL has no answer', { name, problem });
      return { known: false, problem: `${name}: ${problem}` };
    }
  }
}
