// Runs parts of the test suite: node scripts/run-tests.mjs [--coverage] [PART | FILE]...
// The runner is TypeScript, which Node 20 does not read by itself.
import { register } from 'tsx/esm/api';

register();
await import('./testing/main.ts');
