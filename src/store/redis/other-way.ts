import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { reasonOf, RedisReplyError } from './redis-errors.js';
import type { RedisEndpoint, RedisLinkSettings } from './redis-link.js';
import { NO_TLS, ONLY_TLS, RefusalError, refusalOf } from './refusal.js';

/** A start waits for it, behind a server that has said nothing. */
const LONGEST_MS = 1_000;

/**
 * Tells a server that is away from one that speaks TLS where we do not, or the other way round: it says nothing then,
 * or closes the connection, and would do so for ever. It is spoken to in the other way, and told nothing.
 *
 * @returns why it cannot be used; the same error if it is not that
 */
export async function explainSilence(
  error: unknown,
  endpoint: RedisEndpoint,
  { tls, connectTimeoutMs }: Pick<RedisLinkSettings, 'tls' | 'connectTimeoutMs'>,
): Promise<unknown> {
  if (error instanceof RedisReplyError || refusalOf(error) !== undefined) return error;
  const ms = Math.min(connectTimeoutMs, LONGEST_MS);
  const isOther =
    tls === undefined ? await speaksTls(endpoint, ms) : await speaksPlain(endpoint, ms);
  if (!isOther) return error;
  return new RefusalError(reasonOf(error), tls === undefined ? ONLY_TLS : NO_TLS, { cause: error });
}

function speaksPlain(endpoint: RedisEndpoint, ms: number): Promise<boolean> {
  const socket = connectPlain(endpoint);
  return answerOf(socket, ms, (settle) => {
    socket.once('connect', () => socket.write('PING\r\n'));
    // PONG, or that we have no permission to ask.
    socket.once('data', (data) => settle(/^[+-][A-Z]+/.test(data.toString('latin1'))));
    socket.once('error', () => settle(false));
  });
}

function speaksTls(endpoint: RedisEndpoint, ms: number): Promise<boolean> {
  // Whose certificate it is does not matter: nothing is said to it.
  const socket = connectTls({ ...endpoint, rejectUnauthorized: false });
  return answerOf(socket, ms, (settle) => {
    socket.once('secureConnect', () => settle(true));
    // It may demand a certificate of ours, and say so.
    socket.once('error', (error: Error) =>
      settle('code' in error && /_ALERT_/.test(String(error.code))),
    );
  });
}

async function answerOf(
  socket: Socket,
  ms: number,
  listen: (settle: (isOther: boolean) => void) => void,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((settle) => {
      timer = setTimeout(() => settle(false), ms);
      socket.once('close', () => settle(false));
      listen(settle);
    });
  } finally {
    clearTimeout(timer);
    // What it says while it is left is nobody's business.
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
