import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** The environment that makes Node, and whatever Node it starts, write down what is run. */
export function coverageEnvironment(root: string): Readonly<Record<string, string>> {
  return { NODE_V8_COVERAGE: join(root, 'coverage', 'raw') };
}

export function clearCoverage(root: string): void {
  rmSync(join(root, 'coverage'), { recursive: true, force: true });
}
