import { codeOf, fileProblem, systemWords } from '../../mail/file-problem.js';

/** What a log line says of an error: its code, its message, and those of its causes. */
export function describeError(error: unknown): {
  readonly code: string | undefined;
  readonly error: string;
} {
  const messages: string[] = [];
  let code: string | undefined;
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < 5; depth++) {
    const { message: own } = cause;
    // Many messages quote the system's words, which are the cause's, or have our own for them.
    const words = [own, systemWords(cause)].concat(
      fileProblem(cause, 'read'),
      fileProblem(cause, 'write'),
    );
    const isTold = messages.some((message) => words.some((each) => message.includes(each)));
    if (!isTold) messages.push(own);
    code ??= codeOf(cause);
    cause = cause.cause;
  }
  return { code, error: messages.length > 0 ? messages.join(': ') : String(error) };
}
