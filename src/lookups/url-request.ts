import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';

/** What is asked of a server. */
export interface UrlRequest {
  readonly url: URL;
  readonly agents: UrlAgents;
  readonly lookup: LookupFunction;
  /** For all of it, waiting for a free connection included. */
  readonly timeoutMs: number;
  /** Posted as a file of a form; without it the URL is only read. */
  readonly message: Uint8Array | undefined;
  /** Given up when this aborts. */
  readonly signal: AbortSignal;
}

/** The connections to one definition's servers. */
export interface UrlAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** What a server said in so few bytes. */
export const MAX_ANSWER_BYTES = 4096;

/** Nothing is there, which is an answer, and an empty one. */
const NOT_THERE: readonly number[] = [404, 410];

/**
 * Keeps so many connections open. They are our own: no proxy of the environment is used, which is
 * meant for other programs.
 */
export function createUrlAgents(connections: number): UrlAgents {
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

/**
 * Asks a server once. Redirections are not followed: they would lead to where nobody has allowed.
 *
 * @throws Error with what went wrong
 */
export async function requestUrl(request: UrlRequest): Promise<string> {
  const timer = AbortSignal.timeout(request.timeoutMs);
  try {
    return await send(request, AbortSignal.any([timer, request.signal]));
  } catch (error) {
    throw timer.aborted ? new Error('no answer in time', { cause: error }) : error;
  }
}

function send({ url, agents, lookup, message }: UrlRequest, signal: AbortSignal): Promise<string> {
  const form = message === undefined ? undefined : formOf(message);
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const options = {
      method: form === undefined ? 'GET' : 'POST',
      agent: isSecure ? agents.https : agents.http,
      headers: { accept: 'text/plain', ...form?.headers },
      lookup,
      signal,
      maxHeaderSize: 16 * 1024,
    };
    const receive = (response: http.IncomingMessage): void => {
      readAnswer(response).then(resolve, reject);
    };
    const sent = isSecure
      ? https.request(url, options, receive)
      : http.request(url, options, receive);
    sent.on('error', reject);
    sent.end(form?.body);
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<string> {
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) {
    response.resume();
    if (NOT_THERE.includes(statusCode)) return '';
    const isElsewhere = statusCode >= 300 && statusCode < 400;
    throw new Error(
      isElsewhere
        ? `it answers ${statusCode}, and redirections are not followed`
        : `it answers ${statusCode}`,
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    // Without an encoding they are buffers.
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    // Whoever leaves the loop ends the connection.
    if (bytes > MAX_ANSWER_BYTES) {
      throw new Error(`its answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** RFC 7578, with the names that milter-greylist gives: field `msg`, file `msg.txt`. */
function formOf(message: Uint8Array) {
  const boundary = randomUUID();
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="msg"; filename="msg.txt"\r\n` +
        'Content-Type: message/rfc822\r\n\r\n',
    ),
    message,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': body.length,
  };
  return { body, headers };
}
