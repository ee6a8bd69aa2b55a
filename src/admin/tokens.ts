import { createHash, timingSafeEqual } from 'node:crypto';
import type { Parsed } from './http-access.js';

/** Somebody who may ask over TCP. */
export interface Token {
  /** Whom the log names. */
  readonly name: string;
  /** SHA-256 of what is sent: of one length, whatever somebody sends. */
  readonly digest: Uint8Array;
  /** Whether it is for reading alone, whatever `http.write` says. */
  readonly isReadOnly: boolean;
}

/** Shorter ones can be guessed over a network; 20 characters of base64 are 120 bits. */
export const MIN_TOKEN_LENGTH = 20;

/**
 * Reads a file of tokens: in each line a name, a token, and `read` if it is for reading alone. `#`
 * begins a comment.
 */
export function parseTokens(text: string): Parsed<readonly Token[]> {
  const tokens: Token[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [name, secret, right, ...rest] = line.trim().split(/\s+/);
    if (name === undefined || name === '' || name.startsWith('#')) continue;
    const refuse = (problem: string) => ({ problem: `line ${index + 1}: ${problem}` });
    if (secret === undefined) return refuse('needs a name, and a token behind it');
    // What HTTP allows there (RFC 6750 section 2.1).
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(secret)) return refuse('has a token that cannot be sent');
    if (secret.length < MIN_TOKEN_LENGTH) {
      return refuse(`has a token of less than ${MIN_TOKEN_LENGTH} characters`);
    }
    if ((right ?? 'read') !== 'read' || rest.length > 0) {
      return refuse('may have nothing behind the token but the word read');
    }
    if (tokens.some((other) => other.name === name)) return refuse(`has the name ${name} again`);
    tokens.push({ name, digest: digestOf(secret), isReadOnly: right === 'read' });
  }
  return tokens.length > 0 ? { ok: tokens } : { problem: 'has no token' };
}

/** Whose token it is. It takes as long for one that is nearly right as for any other. */
export function findToken(tokens: readonly Token[], sent: string): Token | undefined {
  const digest = digestOf(sent);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token;
  return found;
}

function digestOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
