import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runCommandLine } from '../../src/cli/command-line.js';
import { loadConfig } from '../../src/config/load.js';
import { loadRuleSet } from '../../src/daemon/configuration/load-rule-set.js';
import { createDaemonLogger } from '../../src/daemon/process/create-daemon-logger.js';
import { startDaemon } from '../../src/daemon/start-daemon.js';
import type { ManagedLogger } from '../../src/telemetry/logger.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

/** A daemon that runs, with its own log in a file, and the commands that read it meanwhile. */
class LiveSite {
  readonly clock: ManualClock;
  readonly #directory: string;
  readonly #logger: ManagedLogger;

  private constructor(directory: string, logger: ManagedLogger, clock: ManualClock) {
    this.#directory = directory;
    this.#logger = logger;
    this.clock = clock;
  }

  static async start(t: TestContext, settings: readonly string[]): Promise<LiveSite> {
    const directory = createTempDirectory(t);
    const clock = createManualClock(Date.UTC(2026, 10, 20));
    const loaded = await loadConfig({
      listen: [`unix:${directory}/milter.sock`],
      store: `level:${directory}/db`,
      overrides: [
        `log.to=file:${directory}/log`,
        ...['greylist.delay=5m', 'greylist.providers=greylist', 'greylist.identity=[]'],
        ...['lookups.resolvers=127.0.0.1:9', 'limits.drain=0s', 'listen.admin=null', ...settings],
      ],
    });
    const { config } = loaded;
    const logger = createDaemonLogger(config.log, clock, undefined);
    const ruleSet = await loadRuleSet(loaded, { clock, logger });
    const daemon = await startDaemon({ config, ruleSet, clock, logger });
    t.after(async () => {
      await daemon.stop();
      await logger.close();
    });
    return new LiveSite(directory, logger, clock);
  }

  /** A mail, so many seconds after the one before. */
  async mail(afterSeconds: number, address: string, from: string): Promise<void> {
    this.clock.advance(afterSeconds * 1000);
    const peer = await MtaPeer.connect({ path: join(this.#directory, 'milter.sock') });
    await openSession(peer, { address, name: `mx.${from.split('@')[1] ?? ''}` });
    await sendMail(peer, { from, to: ['ann@example.org'] });
    await peer.quit();
  }

  /** As logrotate does it: another name, SIGHUP, and packed. */
  async rotate(): Promise<void> {
    const [log, old] = [join(this.#directory, 'log'), join(this.#directory, 'log.1')];
    renameSync(log, old);
    // Whoever still writes to it writes to the old one.
    await this.mail(1, '198.51.100.9', 'bot@between.example');
    await waitUntil(() => readFileSync(old, 'utf8').includes('between.example'), 'the old log');
    this.#logger.reopen();
    await waitUntil(() => readIfThere(log) !== undefined, 'a new log');
    writeFileSync(`${old}.gz`, gzipSync(readFileSync(old)));
    rmSync(old);
  }

  /** Runs a command that reads logs. @param hasRotated whether there are two by now */
  async read(command: string, hasRotated: boolean, ...args: readonly string[]): Promise<string> {
    this.#logger.flush();
    const log = join(this.#directory, 'log');
    const output = new RecordingOutput();
    const words = [command, '--time-zone', 'UTC', ...args, log];
    const code = await runCommandLine([...words, ...(hasRotated ? [`${log}.1.gz`] : [])], output);
    assert.deepEqual([code, output.errors], [0, ''], `${command}: ${output.errors}`);
    return output.printed;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It is not there yet.
    return undefined;
  }
}

/** What is looked at of the answers in JSON. */
interface Answers {
  readonly report: {
    readonly lines: { readonly unclear: number; readonly undated: number };
    readonly total: Readonly<Record<string, number>>;
  };
  readonly tune: {
    readonly returned: number;
    readonly retries: readonly { readonly fromS: number; readonly count: number }[];
  };
  readonly replay: { readonly changes: Readonly<Record<string, number>> };
}

async function ask<Name extends keyof Answers>(
  site: LiveSite,
  name: Name,
  ...[hasRotated, ...args]: readonly [hasRotated: boolean, ...args: readonly string[]]
): Promise<Answers[Name]> {
  // What the command prints.
  return JSON.parse(await site.read(name, hasRotated, '--json', ...args)) as Answers[Name];
}

async function endings(site: LiveSite, hasRotated: boolean): Promise<readonly unknown[]> {
  const { lines, total } = await ask(site, 'report', hasRotated);
  assert.deepEqual([lines.unclear, lines.undated], [0, 0]);
  const { first, returned, never, open, waitedS } = total;
  return [first, returned, never, open, waitedS];
}

describe('the log of a daemon that runs', () => {
  for (const settings of [
    ['log.format=text'],
    ['log.format=json'],
    ['log.style=postgrey'],
    // Where what has passed is said at that level alone.
    ['log.style=milter-greylist', 'log.level=debug'],
  ]) {
    test(`is read while it grows and is rotated: ${settings.join()}`, async (t) => {
      const site = await LiveSite.start(t, settings);
      await site.mail(0, '192.0.2.200', 'first@other.example');
      await site.mail(3 * 86_400, '192.0.2.10', 'a@good.example');
      await site.mail(10, '203.0.113.5', 'x@bot.example');
      await site.mail(50, '192.0.2.10', 'a@good.example');
      assert.deepEqual(await endings(site, false), [3, 0, 1, 2, 0]);
      await site.rotate();
      await site.mail(260, '192.0.2.10', 'a@good.example');
      await site.mail(60, '192.0.2.10', 'a@good.example');
      // It waited for 60 s and 1 s, and for 260 s behind the rotation.
      assert.deepEqual(await endings(site, true), [4, 1, 1, 2, 321]);
      // Two days later it is known who never came back.
      await site.mail(3 * 86_400, '192.0.2.77', 'late@other.example');
      assert.deepEqual(await endings(site, true), [5, 1, 3, 1, 321]);
      assert.equal(
        await site.read('report', true, '--list', 'returned'),
        '2026-11-23 00:00:00 192.0.2.10 mx.good.example <a@good.example> <ann@example.org> returned after 5m 21s, 3 attempts\n',
      );
      assert.match(
        await site.read('report', true),
        /put off for the first time +5\n +came back +1/,
      );
      const { returned, retries } = await ask(site, 'tune', true);
      assert.equal(returned, 1);
      assert.deepEqual(
        retries.filter(({ count }) => count > 0),
        [{ fromS: 60, toS: 120, count: 1 }],
      );
      const { changes } = await ask(site, 'replay', true, '--set', 'greylist.delay=30s');
      assert.deepEqual([changes['shorter'], changes['never']], [1, 4]);
      assert.equal(
        await site.read('postgreyreport', true, '--show_tries'),
        [
          '1      192.0.2.77 mx.other.example late@other.example ann@example.org',
          '1     192.0.2.200 mx.other.example first@other.example ann@example.org',
          '1    198.51.100.9 mx.between.example bot@between.example ann@example.org',
          '1     203.0.113.5 mx.bot.example x@bot.example ann@example.org',
          '',
        ].join('\n'),
      );
    });
  }
});
