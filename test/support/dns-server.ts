import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastFirst } from './clean-ups.js';
import { createTempDirectory } from './temp-directory.js';

/**
 * Records by zone, in the syntax of zone files (RFC 1035 section 5), names relative to the zone:
 * `{ 'example.test': '@ MX 10 mail\nmail A 192.0.2.1' }`. SOA and NS are added, TTLs are 300.
 */
export type DnsZones = Readonly<Record<string, string>>;

/** An authoritative name server with zones of the test's own; it refuses all other names. */
export interface DnsServer {
  /** What `lookups.resolvers` takes. */
  readonly address: string;
  /** Replaces a zone's records; resolves once they are served. */
  setZone(zone: string, records: string): Promise<void>;
  stop(): Promise<void>;
}

/** What registers a clean-up that takes its time. */
export interface AsyncCleanUp {
  after(stop: () => void | Promise<void>): void;
}

const LIMIT_MS = 60_000;
const POLL_MS = 20;
/** Amid a reload the old process answers some of what is asked, beside the new one, until it ends. */
const CERTAIN_ANSWERS = 10;
/** Debian puts it where not everybody's path leads. */
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutDnsServer(): string | false {
  const { error } = spawnSync('nsd', ['-v'], { env: environment });
  if (error === undefined || process.env['CI'] === 'true') return false;
  return `NSD cannot run here: ${error.message}; scripts/install-dns-server installs it`;
}

/** Starts NSD on a free port of 127.0.0.1; it ends with the test. */
export async function startDnsServer(t: AsyncCleanUp, zones: DnsZones): Promise<DnsServer> {
  const cleanUps = lastFirst(t);
  const directory = createTempDirectory(cleanUps);
  const port = await freePort();
  const serials = new Map(Object.keys(zones).map((zone) => [zone, 1]));
  for (const [zone, records] of Object.entries(zones)) writeZone(directory, zone, records, 1);
  writeFileSync(join(directory, 'nsd.conf'), configuration(directory, port, Object.keys(zones)));
  const child = spawn('nsd', ['-d', '-c', join(directory, 'nsd.conf')], {
    stdio: 'ignore',
    env: environment,
  });
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  const stop = (): Promise<void> => stopChild(child);
  cleanUps.after(stop);
  const address = `127.0.0.1:${port}`;
  const served = async (zone: string): Promise<void> => {
    const serial = serials.get(zone) ?? 0;
    const deadline = performance.now() + LIMIT_MS;
    let inARow = 0;
    while (inARow < CERTAIN_ANSWERS) {
      inARow = (await servedSerial(address, zone)) === serial ? inARow + 1 : 0;
      if (failed !== undefined || hasEnded(child) || performance.now() > deadline)
        throw new Error(`NSD does not serve ${zone}: ${logOf(directory)}`, { cause: failed });
      await sleep(POLL_MS);
    }
  };
  for (const zone of serials.keys()) await served(zone);
  return {
    address,
    setZone: async (zone, records) => {
      const serial = (serials.get(zone) ?? 0) + 1;
      serials.set(zone, serial);
      writeZone(directory, zone, records, serial);
      child.kill('SIGHUP');
      await served(zone);
    },
    stop,
  };
}

function configuration(directory: string, port: number, zones: readonly string[]): string {
  const files = ['zonelistfile', 'xfrdfile', 'logfile'].map(
    (name) => `  ${name}: "${join(directory, name)}"\n`,
  );
  return [
    'server:\n',
    `  ip-address: 127.0.0.1\n  port: ${port}\n  server-count: 1\n`,
    '  username: ""\n  chroot: ""\n  pidfile: ""\n  database: ""\n  rrl-ratelimit: 0\n',
    `  zonesdir: "${directory}"\n  xfrdir: "${directory}"\n`,
    ...files,
    'remote-control:\n  control-enable: no\n',
    ...zones.map((zone) => `zone:\n  name: "${zone}"\n  zonefile: "${zone}.zone"\n`),
  ].join('');
}

function writeZone(directory: string, zone: string, records: string, serial: number): void {
  const head = [
    `$ORIGIN ${zone}.`,
    '$TTL 300',
    `@ SOA ns.invalid. postmaster.invalid. ${serial} 3600 600 86400 60`,
    '@ NS ns.invalid.',
  ];
  writeFileSync(join(directory, `${zone}.zone`), `${head.join('\n')}\n${records}\n`);
}

async function servedSerial(address: string, zone: string): Promise<number | undefined> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([address]);
  // Not up yet, or not with this zone: asked again by the caller, up to its limit.
  return await resolver.resolveSoa(zone).then(
    ({ serial }) => serial,
    () => undefined,
  );
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(impatience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function logOf(directory: string): string {
  try {
    return readFileSync(join(directory, 'logfile'), 'utf8');
  } catch (error) {
    return `no log (${String(error)})`;
  }
}

/** Free for both transports; the kernel does not give the same one out again soon. */
async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const address = tcp.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const isFree = await canBind(port);
    tcp.close();
    await once(tcp, 'close');
    if (isFree) return port;
  }
}

async function canBind(port: number): Promise<boolean> {
  const udp = createSocket('udp4');
  const isFree = await new Promise<boolean>((resolve) => {
    udp.once('error', () => resolve(false));
    udp.bind(port, '127.0.0.1', () => resolve(true));
  });
  udp.close();
  return isFree;
}
