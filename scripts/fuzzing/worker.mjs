// A worker does not inherit the loader of its parent, and Node 20 does not read TypeScript by itself.
import { register } from 'tsx/esm/api';

register();
await import('./try-target.ts');
