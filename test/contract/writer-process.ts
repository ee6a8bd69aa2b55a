import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const writer = fileURLToPath(new URL('level-writer.ts', import.meta.url));

/** A process that has a store open. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** Each key that it vouches for, as JSON. */
  readonly lines: Interface;
}

/** What else a writer can be told. */
export interface WriterOptions {
  readonly durability?: 'process' | 'power';
  /** The first part of its keys; of each writer its own, for writers one after the other. */
  readonly name?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The directory of its journal; none without it. */
  readonly journal?: string;
}

/** Starts `level-writer.ts`, waits until it has opened the store, and kills it in the end. */
export async function startWriter(
  t: TestContext,
  path: string,
  mode: 'steady' | 'failing' | 'compacting' | 'hold',
  { durability = 'process', name = 't', environment = {}, journal }: WriterOptions = {},
): Promise<WriterProcess> {
  const own = [path, mode, durability, name, ...(journal === undefined ? [] : [journal])];
  const args = ['--import', import.meta.resolve('tsx'), writer, ...own];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  assert.deepEqual(await once(lines, 'line'), ['open']);
  return { child, lines };
}
