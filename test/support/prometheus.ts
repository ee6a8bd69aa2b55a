import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTempDirectory } from './temp-directory.js';

/** What registers a clean-up that takes its time. */
export interface AsyncCleanUp {
  after(stop: () => void | Promise<void>): void;
}

const run = promisify(execFile);
const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutPrometheus(): string | false {
  const { error } = spawnSync('promtool', ['--version']);
  if (error === undefined || process.env['CI'] === 'true') return false;
  return `Prometheus cannot run here: ${error.message}; scripts/install-prometheus installs it`;
}

/** Runs promtool; rejects with what it prints if it finds something wrong. */
export async function promtool(...args: readonly string[]): Promise<string> {
  return (await run('promtool', args)).stdout;
}

/** A real Prometheus that scrapes one target once a second. */
export interface Prometheus {
  /** The label values of what an expression is now; the number of the series. */
  count(expression: string): Promise<number>;
}

/** What a Prometheus is told. */
export interface PrometheusOptions {
  readonly job: string;
  /** `127.0.0.1:9999` */
  readonly target: string;
  readonly ruleFile: string;
}

/** Starts Prometheus in a directory of its own, on a free port of 127.0.0.1; it ends with the test. */
export async function startPrometheus(
  t: AsyncCleanUp,
  { job, target, ruleFile }: PrometheusOptions,
): Promise<Prometheus> {
  const directory = createTempDirectory(t);
  const file = join(directory, 'prometheus.yml');
  const scrape = { job_name: job, scrape_interval: '1s', static_configs: [{ targets: [target] }] };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ rule_files: [ruleFile], scrape_configs: [scrape] }));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      ...[`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.on('error', (error) => (said += error.message));
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/-/ready`, () => said);
  return { count: (expression) => countSeries(url, expression) };
}

async function untilReady(url: string, said: () => string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (performance.now() > deadline) throw new Error(`Prometheus does not start: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function countSeries(url: string, expression: string): Promise<number> {
  const answer = await fetch(
    `${url}/api/v1/query?${String(new URLSearchParams({ query: expression }))}`,
  );
  // Prometheus' own format.
  const body = (await answer.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: readonly unknown[] };
  };
  if (body.data === undefined) throw new Error(`${expression}: ${body.error ?? body.status}`);
  return body.data.result.length;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Lets who knows no Unix sockets ask at one: all that connects to the port is passed on. */
export async function bridgeTo(t: AsyncCleanUp, socketPath: string): Promise<string> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    const inner = keep(connect(socketPath));
    keep(client).pipe(inner).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}
