import type { LookupFunction } from 'node:net';
import type { Answer, MaybePromise, NamedValues, UrlQuestion } from '../rules/lookups.js';
import { readAnswerLines } from './answer-lines.js';
import { JoinedAnswers } from './joined-answers.js';
import type { LookupLog } from './lookup-log.js';
import { unasked } from './unasked.js';
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

/** An answer has 4 KiB at most. */
const MAX_ANSWERS = 2_000;

/** Asks web servers what rules want to know: by definition and whole URL. */
export class UrlLookups {
  readonly #parts: UrlParts;
  readonly #agents: ReadonlyMap<string, UrlAgents>;
  readonly #answers: JoinedAnswers<NamedValues>;
  readonly #closing = new AbortController();

  constructor(parts: UrlParts) {
    this.#parts = parts;
    this.#answers = new JoinedAnswers(MAX_ANSWERS, parts.clock);
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
    return this.#answers.ask(`${name} ${url}`, () => this.#send(question));
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
      if (!/^https?:$/.test(url.protocol)) throw new Error('it is no URL of the web');
      const { timeoutMs } = server;
      const { signal } = this.#closing;
      const said = await requestUrl({ url, agents, lookup, timeoutMs, message, signal });
      return { known: true, value: readAnswerLines(said) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const host = URL.canParse(text) ? [new URL(text).hostname] : [];
      log.failed('a URL has no answer', { name, problem: unasked(problem, host) });
      return { known: false, problem: `${name}: ${problem}` };
    }
  }
}
