import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.js';
import { loopback } from './address.js';
import type { Admin } from './admin-requests.js';
import { fillStore } from './filled-store.js';
import type { MilterOrder } from './milter-load.js';
import { startSubject, type LoadProcess, type Subject } from './processes.js';

/** Triplets that are known from the start have the numbers below; early ones follow them. */
export const knownTriplets = 1000;

/** Triplets that have been tried once, and are not old enough to pass. */
export const earlyTriplets = 1000;

/** The first number of triplets that nobody has seen. */
export const firstNew: number = knownTriplets + earlyTriplets;

/** A greymilter, and where else than at its path it listens. */
export interface Greymilter extends Subject {
  readonly tcp: string;
}

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The program that is measured. */
const program = script('../../dist/cli/main.js');

/** What Node.js is told when it runs a filter: what the systemd unit has. */
const nodeOptions = ['--v8-pool-size=1'] as const;

/** How the program is run, before its own arguments; or another file in its place. */
export function programArguments(file: string = program): readonly string[] {
  return [...nodeOptions, file];
}

/** Settings of every greymilter that is measured: it measures no name servers, and all wait. */
export const measuredSettings: readonly string[] = [
  ...['--set', 'trusted=[]', '--set', 'greylist.providers=greylist'],
];

/**
 * The filter that does nothing, at a socket or a port; `whole` for whole messages. With `store` it remembers
 * each recipient before it answers, and does nothing else.
 */
export async function startFloor(
  directory: string,
  kind: 'envelope' | 'whole' | 'tcp' | 'store',
): Promise<Subject> {
  const file = script('floor.mjs');
  if (kind === 'tcp') {
    const port = await freePort();
    return await startSubject('floor', loopback(port), [file, `127.0.0.1:${port}`]);
  }
  const path = join(directory, `floor-${kind}.sock`);
  const store = join(directory, 'floor.db');
  return await startSubject('floor', path, [file, path, kind, store]);
}

/** The filter as it is shipped, with {@link knownTriplets} and {@link earlyTriplets} in its store. */
export async function startGreymilter(
  directory: string,
  load: Pick<LoadProcess, 'run'>,
): Promise<Greymilter> {
  const tcp = loopback(await freePort());
  const subject = await startFamiliar(directory, 'greymilter', ['--listen', tcp]);
  const early = { first: knownTriplets, sessions: earlyTriplets, triplets: earlyTriplets };
  const expected = 'replycode' as const;
  await load.run({ path: subject.path, atOnce: 16, ...early, expected });
  return { ...subject, tcp };
}

/** The same in Postgrey's place: asked by the policy protocol alone, at its path, and as young as Postgrey is. */
export async function startPolicyGreymilter(directory: string): Promise<Subject> {
  const path = join(directory, 'greymilter-policy.sock');
  const subject = await startFamiliar(directory, 'policy', ['--policy', `unix:${path}`]);
  return { ...subject, path };
}

/** A greymilter with {@link knownTriplets} in its store, and what is early stays so to the end of the run. */
async function startFamiliar(
  directory: string,
  name: string,
  options: readonly string[],
): Promise<Subject> {
  const store = join(directory, `${name}.db`);
  await fillStore(store, { triplets: knownTriplets, now: Date.now() }, () => undefined);
  const settings = ['--set', 'greylist.delay=6h', '--set', 'limits.connections=10000'];
  return await startMeasured(directory, name, [...settings, ...options]);
}

/** As with a greylist.conf that says little: its header is added to each mail. Starts empty. */
export function startAsMilterGreylist(directory: string): Promise<Subject> {
  const settings = [
    ...['greylist.style=milter-greylist', 'log.style=milter-greylist', 'greylist.header=always'],
    ...['greylist.sender.form=milter-greylist', 'greylist.recipient.form=milter-greylist'],
    ...['greylist.client-autowhite=off', 'greylist.replies=off', 'greylist.delay=1s'],
  ];
  const options = settings.flatMap((setting) => ['--set', setting]);
  return startMeasured(directory, 'milter-greylist', options);
}

/** As where nothing in memory outlives the filter: answers wait for the disk. Starts empty. */
export function startUnjournaled(directory: string): Promise<Subject> {
  return startMeasured(directory, 'unjournaled', ['--set', 'store.journal=null']);
}

/** A greymilter without the admin interface, on the store of its name in the directory. */
export function startMeasured(
  directory: string,
  name: string,
  options: readonly string[],
): Promise<Subject> {
  const path = join(directory, `${name}.sock`);
  return startSubject(name, path, [
    ...[...programArguments(), 'serve', ...measuredSettings, '--set', 'listen.admin=null'],
    ...['--listen', `unix:${path}`, '--store', join(directory, `${name}.db`)],
    ...['--set', `log.to=file:${join(directory, `${name}.log`)}`],
    ...options,
  ]);
}

/** A filter, and where it is asked. */
export type AskedSubject = Subject & { readonly admin: Admin };

/** Milliseconds from the start of a filter to its first sweep. */
export const sweepAfterMs = 60_000;

/** A filter that can be asked, on a store that may be there already. */
export async function startAsked({
  name,
  directory,
  store,
  file,
}: {
  readonly name: string;
  readonly directory: string;
  readonly store: string;
  /** What is run instead of the program as it is. */
  readonly file?: string;
}): Promise<AskedSubject> {
  const at = (end: string): string => join(directory, `${name}.${end}`);
  const config = at('yaml');
  writeFileSync(config, '');
  const subject = await startSubject(name, at('sock'), [
    ...[...programArguments(file), 'serve', '--config', config],
    ...['--listen', `unix:${at('sock')}`, '--store', store],
    ...[...measuredSettings, '--set', `listen.admin=unix:${at('admin')}`],
    ...['--set', `log.to=file:${at('log')}`, '--set', 'log.format=json'],
  ]);
  return { ...subject, admin: { socketPath: at('admin'), config } };
}

/** Orders of triplets that nobody has seen, each number once. */
export class FreshTriplets {
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  /** For the turns of one filter. */
  orders(path: string): (sessions: number, atOnce: number) => MilterOrder {
    return (sessions, atOnce) => this.order(path, sessions, atOnce);
  }

  order(path: string, sessions: number, atOnce: number): MilterOrder {
    const first = this.#next;
    this.#next += sessions;
    return { path, sessions, atOnce, first, triplets: sessions, expected: 'replycode' };
  }
}
