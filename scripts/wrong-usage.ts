/**
 * What is made of a script's arguments; whoever has mistyped one hears of it, with how it is used,
 * and the script ends with status 64.
 *
 * @param read calls `parseArgs` of node:util
 */
export function readOrExplain<T>(script: string, usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isMistyped(error)) throw error;
    process.stderr.write(`${script}: ${error.message}\n${usage}`);
    process.exit(64);
  }
}

function isMistyped(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
  );
}
