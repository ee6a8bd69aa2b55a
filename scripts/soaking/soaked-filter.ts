import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line.js';
import { startGreymilter, type GreymilterProcess } from '../../test/support/daemon-process.js';
import type { CleanUp } from '../../test/support/temp-directory.js';
import { waitUntil } from '../../test/support/wait-until.js';
import { RecordingOutput } from '../../test/unit/cli/recording-output.js';

/** What the filter takes. */
export interface Weight {
  /** After a collection. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
}

/** In the filter's process: says what is left after a collection, counted so that each is told apart. */
const weigh = `let count = 0;
process.on('SIGUSR2', () => {
  gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.stderr.write('weight ' + count++ + ' ' + heapUsed + ' ' + rss + '.\\n');
});`;

/** It is to run for as long as somebody likes; this is the longest that a timer can wait. */
const withinMs = 2 ** 31 - 1;

/** The program in a process of its own, with a store on the disk, as it is served. */
export class SoakedFilter {
  readonly #directory: string;
  readonly #process: GreymilterProcess;
  #weighed = 0;
  #reloads = 0;

  private constructor(directory: string, process: GreymilterProcess) {
    this.#directory = directory;
    this.#process = process;
  }

  /** @param directory an empty one, for all that it writes */
  static async start(
    cleanUp: CleanUp & { after(stop: () => Promise<void>): void },
    directory: string,
  ): Promise<SoakedFilter> {
    writeConfiguration(directory, 0);
    const admin = `listen.admin=unix:${join(directory, 'admin.sock')}`;
    const args = ['--config', configurationIn(directory), '--set', admin];
    const process = startGreymilter(cleanUp, args, {
      ...{ logFile: join(directory, 'log'), withinMs },
      nodeOptions: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(weigh)}`],
    });
    const filter = new SoakedFilter(directory, process);
    await process.ready();
    // From now on it only says what is wrong: a line for each decision would fill the disk.
    await filter.reload();
    return filter;
  }

  get milterSocket(): string {
    return join(this.#directory, 'milter.sock');
  }

  get policySocket(): string {
    return join(this.#directory, 'policy.sock');
  }

  /** A file name beside its own. */
  pathOf(name: string): string {
    return join(this.#directory, name);
  }

  /** Reads a configuration with other rules; resolves when it is in force. */
  async reload(): Promise<void> {
    this.#reloads += 1;
    writeConfiguration(this.#directory, this.#reloads);
    await this.run('reload');
  }

  /** Runs a command for it; rejects if it fails. */
  async run(...command: readonly string[]): Promise<void> {
    const output = new RecordingOutput();
    const code = await runCommandLine(
      [...command, '--config', configurationIn(this.#directory)],
      output,
    );
    if (code !== 0) throw new Error(`greymilter ${command.join(' ')}: ${output.errors}`);
  }

  async weigh(): Promise<Weight> {
    const said = new RegExp(`^weight ${this.#weighed} (\\d+) (\\d+)\\.$`, 'm');
    this.#weighed += 1;
    this.#process.kill('SIGUSR2');
    await waitUntil(() => said.test(this.#process.stderr), 'its weight');
    const [, heap, resident] = said.exec(this.#process.stderr) ?? [];
    const descriptors = readdirSync(`/proc/${this.#process.pid}/fd`).length;
    return { heapBytes: Number(heap), residentBytes: Number(resident), descriptors };
  }

  /** The lines of its log that somebody should have looked at. */
  complaints(): readonly string[] {
    const lines = readFileSync(join(this.#directory, 'log'), 'utf8').split('\n');
    return lines.filter((line) => / (warn|error) /.test(line));
  }

  /** Stops it as SIGTERM does; resolves to its exit status. */
  async stop(): Promise<number | null> {
    this.#process.kill('SIGTERM');
    return (await this.#process.ending).code;
  }
}

function configurationIn(directory: string): string {
  return join(directory, 'greymilter.yaml');
}

/** Times are short, so that within minutes triplets mature, are known, end and are swept. */
function writeConfiguration(directory: string, version: number): void {
  writeFileSync(
    configurationIn(directory),
    `listen:
  milter: unix:${join(directory, 'milter.sock')}
  policy: unix:${join(directory, 'policy.sock')}
  admin: unix:${join(directory, 'admin.sock')}
store: {url: 'level:${join(directory, 'db')}'}
log: {level: ${version === 0 ? 'info' : 'warn'}, to: 'file:${join(directory, 'log')}'}
trusted: []
greylist: {delay: 1s, retry-window: 2m, autowhite: 5m, providers: greylist}
rules:
  - {when: {sender: 'refused@client.example'}, then: reject, text: 'version ${version}'}
`,
  );
}
