import type { LogFields } from '../telemetry/logger.js';

/** What a log line says of an error: its code, its message, and those of its causes. */
export function describeError(error: unknown): LogFields {
  const messages: string[] = [];
  let code: string | undefined;
  for (let cause = error; cause instanceof Error && messages.length < 5; cause = cause.cause) {
    messages.push(cause.message);
    code ??= codeOf(cause);
  }
  return { code, error: messages.length > 0 ? messages.join(': ') : String(error) };
}

/** The code of an error of ours, of Node.js or of a library. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
