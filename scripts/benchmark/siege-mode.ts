import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as build from '../../test/support/packet-builder.js';
import type { Activity } from './admin-requests.js';
import type { SiegeWanted } from './arguments.js';
import { openIdle } from './idle.js';
import { describeMachine, formatMachine, type Machine } from './machine.js';
import { stallColumns } from './report.js';
import { measureStall, type Stall } from './stalls.js';
import { FreshTriplets, startAsked } from './subjects.js';
import { formatTable } from './table.js';
import type { Workplace } from './workplace.js';

/** How slow answers to others are while peers mean harm. */
export interface SiegeReport {
  readonly machine: Machine;
  readonly rate: number;
  readonly stalls: readonly Stall[];
}

/** What a peer does at a socket until the signal says that it is over. */
type Attack = (path: string, over: AbortSignal) => Promise<void>;

const offer = build.offer();

/** The beginning of a session; whoever stops in it has stopped anywhere. */
const session = Buffer.concat([
  offer,
  build.connect('mail.client.example', '192.0.2.1'),
  build.helo('mail.client.example'),
  build.mail('<a@client.example>'),
  build.rcpt('<b@example.org>'),
]);

const attacks: Readonly<Record<string, Attack>> = {
  'nothing else': async (_path, over) => {
    await untilOver(over);
  },
  'peers that break off anywhere, 8 at a time': (path, over) => each(8, () => breakOff(path), over),
  'peers that talk nonsense, 8 at a time': (path, over) => each(8, () => nonsense(path), over),
  '500 peers that say a byte a second': async (path, over) => {
    const sockets = await openIdle({ path }, 500);
    for (let at = 0; !over.aborted; at++) {
      for (const socket of sockets) socket.write(session.subarray(at, at + 1));
      await pause(1000);
    }
    hangUp(sockets);
  },
  '4 peers that ask for ever and never read': async (path, over) => {
    const ended = untilOver(over);
    await each(4, () => neverRead(path, over, ended), over);
  },
  '900 connections that are held': (path, over) => hold(path, 900, over),
};

/** Lets sessions come at a steady rate beside each of the attacks, on one filter. */
export async function measureSiege(
  { directory, load, tell }: Workplace,
  { rate, seconds }: SiegeWanted,
): Promise<SiegeReport> {
  const machine = describeMachine();
  const subject = await startAsked({
    name: 'siege',
    directory,
    store: join(directory, 'siege.db'),
  });
  const fresh = new FreshTriplets(0);
  const stalls: Stall[] = [];
  try {
    for (const [name, attack] of Object.entries(attacks)) {
      const act: Activity = (_admin, over) => attack(subject.path, over);
      const order = { ...fresh.order(subject.path, rate * seconds, 1), rate };
      const { admin } = subject;
      stalls.push(await measureStall(load, order, { name, admin, act }));
      tell(`${name}: measured`);
    }
    return { machine, rate, stalls };
  } finally {
    await subject.stop();
  }
}

/** Does it again and again, so many at a time. */
async function each(atOnce: number, turn: () => Promise<void>, over: AbortSignal): Promise<void> {
  const again = async (): Promise<void> => {
    while (!over.aborted) await turn();
  };
  await Promise.all(Array.from({ length: atOnce }, again));
}

/** Is gone after some bytes of a session. */
async function breakOff(path: string): Promise<void> {
  const [socket] = await openIdle({ path }, 1);
  if (socket === undefined) return;
  // Without waiting for an answer it would be gone before it is met, and come again at once.
  await greet(socket);
  const said = offer.length + Math.floor(Math.random() * (session.length - offer.length));
  await new Promise((resolve) => socket.write(session.subarray(offer.length, said), resolve));
  socket.destroy();
}

async function nonsense(path: string): Promise<void> {
  const [socket] = await openIdle({ path }, 1);
  if (socket === undefined) return;
  const hungUp = event(socket, 'close');
  socket.resume().end('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await hungUp;
}

/** Asks without reading until the filter hangs up. */
async function neverRead(path: string, over: AbortSignal, ended: Promise<void>): Promise<void> {
  const [socket] = await openIdle({ path }, 1);
  if (socket === undefined) return;
  const many = Buffer.concat(Array.from({ length: 1000 }, () => build.unknown('NOOP')));
  const hungUp = event(socket, 'close');
  socket.write(offer);
  while (!socket.destroyed && !over.aborted) {
    const drained = event(socket, 'drain');
    if (!socket.write(many)) await Promise.race([drained, hungUp, ended]);
    socket.removeAllListeners('drain');
  }
  socket.destroy();
}

async function hold(path: string, count: number, over: AbortSignal): Promise<void> {
  const sockets: Socket[] = [];
  while (sockets.length < count && !over.aborted) {
    const more = await openIdle({ path }, 50);
    sockets.push(...more);
    // Each is met before others come, as mail servers that connect are.
    await Promise.all(more.map((socket) => greet(socket)));
  }
  await untilOver(over);
  hangUp(sockets);
}

/** Offers, and waits for the answer, or the end. */
async function greet(socket: Socket): Promise<void> {
  const heard = Promise.race([event(socket, 'data'), event(socket, 'close')]);
  socket.write(offer);
  await heard;
}

function event(socket: Socket, name: 'close' | 'data' | 'drain'): Promise<unknown> {
  return new Promise((resolve) => socket.once(name, resolve));
}

function hangUp(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

async function untilOver(over: AbortSignal): Promise<void> {
  if (!over.aborted) await once(over, 'abort');
}

/** What was found, as a table for people. */
export function formatSiege({ machine, rate, stalls }: SiegeReport): string {
  return [
    formatMachine(machine),
    '',
    `${rate} sessions in each second:`,
    ...formatTable(stallColumns, stalls),
    '',
  ].join('\n');
}
