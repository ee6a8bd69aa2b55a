import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { restoreLevelStore } from '../../src/store/restore-level-store.js';
import { restoredValue, restoredKeys } from './restored-store.js';

/*
 * The child of the tests of an interrupted restore: `restore-victim.ts PATH NOW STEP [NAME]`. It restores,
 * and is killed before the file system does what would be step STEP, counted from 1, of those of that
 * name, or of all that change something.
 */
const [path = '', now = '0', step = '0', counted] = process.argv.slice(2);
const steps = ['mkdir', 'mkdtemp', 'open', 'link', 'chown', 'rename', 'rm'] as const;

let done = 0;
for (const name of steps) {
  const real: unknown = fs.promises[name];
  if (typeof real !== 'function') throw new Error(`there is no ${name}`);
  const killed = (...args: readonly unknown[]): unknown => {
    if (name === (counted ?? name)) done += 1;
    if (done === Number(step)) process.kill(process.pid, 'SIGKILL');
    return Reflect.apply(real, fs.promises, args);
  };
  Object.defineProperty(fs.promises, name, { value: killed });
}
syncBuiltinESMExports();

await restoreLevelStore(
  path,
  async (store) => {
    const set = restoredKeys.map((key) =>
      store.compareAndSet(key, undefined, {
        value: restoredValue,
        expiresAt: Number(now) + 86_400_000,
      }),
    );
    await Promise.all(set);
  },
  Number(now),
);
