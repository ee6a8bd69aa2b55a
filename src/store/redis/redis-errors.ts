/** What a server says no with; `word` is the first of it, which is what it means. */
export class RedisReplyError extends Error {
  readonly word: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisReplyError';
    this.word = /^[A-Z]+/.exec(message)?.[0] ?? '';
  }
}

/** What a server says when it is none by itself, or not the one that may be written to. */
export const MOVED = 'MOVED';

export function isReply(error: unknown, ...words: readonly string[]): error is RedisReplyError {
  return error instanceof RedisReplyError && words.includes(error.word);
}

/** Where in a script of ours a server has failed, which it says at the end of its words. */
const SCRIPT_PLACE = /\s*script: [0-9a-f]{40}, on @user_script:\d+\.?$/;

/** In words, without a full stop; some errors of the system have no message of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return reason.replace(SCRIPT_PLACE, '').replace(/\.$/, '');
}
