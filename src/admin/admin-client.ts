import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isForbidden } from '../mail/file-problem.js';
import { asFields, parseFields } from '../migrate/json-fields.js';
import type { JsonFields } from '../migrate/json-fields.js';
import { readLines } from '../migrate/read-lines.js';
import { AdminError } from './admin-error.js';
import type { AdminErrorCode } from './admin-error.js';

/** A question to a daemon. */
interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: AsyncIterable<string>;
}

/** A daemon that cannot even begin to answer within this time hangs. */
const ANSWER_MS = 30_000;

/** Asks the admin interface of a running daemon, over one connection. */
export class AdminClient {
  readonly #path: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** @param path of its socket */
  constructor(path: string) {
    this.#path = path;
  }

  /** A JSON object. @throws AdminError */
  async read(path: string): Promise<JsonFields> {
    const answer = await this.#ask({ method: 'GET', path });
    return fieldsOf(await textOf(answer));
  }

  /** Deletes what is at a path. @throws AdminError */
  async delete(path: string): Promise<void> {
    const answer = await this.#ask({ method: 'DELETE', path });
    await textOf(answer);
  }

  /** Has something done; the answer is a JSON object. @throws AdminError */
  async post(path: string): Promise<JsonFields> {
    return fieldsOf(await textOf(await this.#ask({ method: 'POST', path })));
  }

  /** A text, as it comes. @throws AdminError */
  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    return bytesOf(await this.#ask({ method: 'GET', path }));
  }

  /** Sends JSON lines, whose source must not fail, and yields what comes back line by line, while they are sent. @throws AdminError */
  async *send(
    path: string,
    body: AsyncIterable<string>,
  ): AsyncGenerator<JsonFields, void, undefined> {
    const answer = await this.#ask({ method: 'POST', path, body });
    for await (const lines of readLines(bytesOf(answer))) {
      for (const line of lines) yield fieldsOf(line);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#agent.destroy();
  }

  async #ask(question: Question): Promise<IncomingMessage> {
    const answer = await this.#send(question);
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw problemFrom(await textOf(answer), statusCode);
  }

  #send({ method, path, body }: Question): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/x-ndjson' };
      const socketPath = this.#path;
      const outgoing = request({ socketPath, agent: this.#agent, method, path, headers }, resolve);
      outgoing.once('error', (error) => reject(this.#unreachable(error)));
      if (body === undefined) {
        outgoing.setTimeout(ANSWER_MS, () => outgoing.destroy(new Error('it does not answer')));
        outgoing.end();
        return;
      }
      // What breaks after an answer has begun is told by the answer, which then has no end.
      pipeline(Readable.from(body), outgoing).catch((error: unknown) => {
        reject(this.#unreachable(error instanceof Error ? error : new Error(String(error))));
      });
    });
  }

  #unreachable(cause: Error): AdminError {
    const reason = cause.message;
    if (isForbidden(cause)) {
      const message = `no permission for ${this.#path}: call as root, as the filter's user, or as a member of the socket's group`;
      return new AdminError('ADMIN_PERMISSION', message, { cause });
    }
    const message = `the filter does not answer at ${this.#path}: ${reason}`;
    return new AdminError('ADMIN_UNREACHABLE', message, { cause });
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(answer)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // A stream without an encoding.
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (error) {
    const message = 'the filter has cut its answer short: it was stopped, or its log says more';
    throw new AdminError('ADMIN_UNREACHABLE', message, { cause: error });
  }
}

function fieldsOf(text: string): JsonFields {
  try {
    return parseFields(text);
  } catch (error) {
    const message = 'what answers is no greymilter: listen.admin must be a socket of its own';
    throw new AdminError('ADMIN_UNREACHABLE', message, { cause: error });
  }
}

/** What a daemon has refused, in its words. */
export function problemFrom(text: string, statusCode: number): AdminError {
  let problem: JsonFields = {};
  try {
    problem = asFields(parseFields(text), 'the answer');
  } catch {
    // Not even a problem in JSON: the status says enough.
  }
  return refusalOf(problem, statusCode);
}

/** A daemon's problem as an error. */
export function refusalOf(problem: JsonFields, statusCode: number): AdminError {
  const { code, detail } = problem;
  const known = codes.find((each) => each === code);
  const message = typeof detail === 'string' ? detail : `the filter answers ${statusCode}`;
  return new AdminError(known ?? 'ADMIN_FAILED', message);
}

const codes: readonly AdminErrorCode[] = [
  'ADMIN_BAD_REQUEST',
  'ADMIN_NOT_FOUND',
  'ADMIN_METHOD',
  'ADMIN_CONTENT_TYPE',
  'ADMIN_TOO_LARGE',
  'ADMIN_BAD_HTTP',
];
