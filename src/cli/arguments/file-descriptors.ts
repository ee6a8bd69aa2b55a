/**
 * What is told where Node.js may not open as many files as it takes to load the program, or a part of it;
 * undefined for any other error.
 */
export function descriptorProblem(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) return undefined;
  const hint = 'raise LimitNOFILE in the unit, or ulimit -n, to 256 or more';
  return `greymilter: too few file descriptors to load the program: ${hint}`;
}
