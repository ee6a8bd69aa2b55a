import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDnsResponder, type DnsEntry } from '../dns-responder.js';
import type { CleanUp } from '../temp-directory.js';
import { runCommand } from './commands.js';
import { writeEximConfiguration } from './exim-config.js';
import {
  startInstance,
  type MtaInstance,
  type MtaOptions,
  type MtaPlace,
  type MtaSetup,
  type QueuedMail,
} from './instance.js';
import { eximBinary } from './places.js';

export interface EximOptions extends Pick<MtaOptions, 'hosts'> {
  /** Lines of Debian's `conf.d/main/000_localmacros`. */
  readonly localMacros: readonly string[];
}

export interface EximInstance extends MtaInstance {
  readonly kind: 'exim';
}

/**
 * Starts an Exim with Debian's configuration that keeps all accepted mail in its queue. Clients may
 * come from any address of 127.0.0.0/8; 127.0.0.1 itself may relay, as Debian has it.
 */
export async function startExim(options: EximOptions): Promise<EximInstance> {
  const cleanUps: (() => void)[] = [];
  const tidy = (): void => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  };
  try {
    const instance = await startInstance('exim', options, async (place) => {
      await startNameServer({ after: (cleanUp) => cleanUps.push(cleanUp) }, place, options);
      return await setUp(place, options);
    });
    const stop = async (): Promise<void> => {
      await instance.stop();
      tidy();
    };
    return { ...instance, kind: 'exim', stop };
  } catch (error) {
    tidy();
    throw error;
  }
}

/** Exim asks the DNS for the names of clients, whatever else the machine knows. */
async function startNameServer(
  cleanUp: CleanUp,
  { directory, port }: MtaPlace,
  { hosts = {} }: EximOptions,
): Promise<void> {
  const entries = Object.entries(hosts).flatMap(([address, name]): [string, DnsEntry][] => [
    [`${address.split('.').reverse().join('.')}.in-addr.arpa`, { PTR: [name] }],
    [name, { A: [address] }],
  ]);
  // No other test process has this port, nor so this address.
  const address = `127.53.${port >> 8}.${port & 0xff}`;
  await startDnsResponder(cleanUp, Object.fromEntries(entries), { address, port: 53 });
  writeFileSync(join(directory, 'resolv.conf'), `nameserver ${address}\n`);
}

async function setUp(place: MtaPlace, { localMacros }: EximOptions): Promise<MtaSetup> {
  const [spool, log] = [join(place.directory, 'spool'), join(place.directory, 'log')];
  for (const directory of [spool, log]) {
    mkdirSync(directory);
    await runCommand('chown', ['Debian-exim:Debian-exim', directory]);
  }
  const file = await writeEximConfiguration(place, localMacros);
  return {
    kind: 'exim',
    // -bdf: a daemon in the foreground.
    command: [eximBinary, '-C', file, '-bdf'],
    logFiles: [join(log, 'mainlog'), join(log, 'paniclog'), join(log, 'rejectlog')],
    queued: () => readQueue(file),
    flush: async () => {
      rmSync(join(spool, 'input'), { recursive: true, force: true });
      await Promise.resolve();
    },
  };
}

/** ` 0m  412 1xXEBg-000542-0a <sender>` and a recipient in each line below; then an empty line. */
const QUEUED = /^ *\S+ +\S+ (\S+-\S+-\S+) <(.*)>.*\n((?: {8,}.*\n)*)/gm;

async function readQueue(file: string): Promise<readonly QueuedMail[]> {
  const list = await runCommand(eximBinary, ['-C', file, '-bpr']);
  return Promise.all(
    Array.from(list.matchAll(QUEUED), async ([, id = '', sender = '', lines = '']) => {
      const text = await runCommand(eximBinary, ['-C', file, '-Mvc', id]);
      const end = text.indexOf('\n\n');
      const recipients = lines.split('\n').flatMap((line) => line.trim() || []);
      return { id, sender, recipients, headers: text.slice(0, end + 1), body: text.slice(end + 2) };
    }),
  );
}
