import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { MilterServer, type MilterServerOptions } from '../../../../src/protocols/milter/server.js';
import { MtaPeer } from '../../../support/mta-peer.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const greylisted = customReply({ code: 451, enhanced: '4.7.1', text: 'Greylisted' });

/** Puts everybody off, and says so to those who come through. */
export const putOff: MilterFilter<undefined> = {
  open: () => undefined,
  actions: ['addHeaders'],
  connect: { observe: () => undefined },
  rcpt: (_session, { address }) => (address === '<known@v>' ? replies.continue : greylisted),
  eom: (_session, _event, context) => {
    context.addHeader('X-Greylist', 'delayed');
    return replies.continue;
  },
};

/** A server under test. */
export interface Running {
  readonly server: MilterServer<undefined>;
  readonly open: () => Promise<MtaPeer>;
  readonly events: string[];
  /** Moves the clock on, and lets the server look at it as often as it wanted to meanwhile. */
  readonly pass: (byMs: number) => void;
  /** How often the server looks at the clock, by its timers, in milliseconds. */
  readonly periods: () => readonly number[];
}

interface Timer {
  readonly periodMs: number;
  readonly call: () => void;
  dueMs: number;
}

function firstDue(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (first === undefined || timer.dueMs < first.dueMs) first = timer;
  return first;
}

/** A server on a Unix socket, with a clock that stands still. */
export async function run(
  t: TestContext,
  options: Partial<MilterServerOptions<undefined>> = {},
): Promise<Running> {
  const events: string[] = [];
  let nowMs = 0;
  const timers = new Set<Timer>();
  const server = new MilterServer<undefined>({
    filter: () => putOff,
    observer: {
      connected: () => events.push('connected'),
      overloaded: (connections) => events.push(`overloaded ${connections}`),
      refused: (connections) => events.push(`refused ${connections}`),
      incident: (kind, command) => events.push(`${kind} ${command}`),
      handlerFailed: (event, error) => events.push(`${event}: ${String(error)}`),
      disconnected: (error) => events.push(`disconnected ${error?.code ?? 'normally'}`),
    },
    clock: {
      now: () => nowMs,
      every: (periodMs, call) => {
        const timer = { periodMs, call, dueMs: nowMs + periodMs };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    ...options,
  });
  const path = join(createTempDirectory(t), 'm.sock');
  const listener = createServer();
  server.attach(listener);
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  t.after(async () => {
    listener.close();
    await server.drain(0);
  });
  return {
    server,
    events,
    open: () => MtaPeer.connect({ path }),
    pass: (byMs) => {
      const untilMs = nowMs + byMs;
      for (let next = firstDue(timers); next && next.dueMs <= untilMs; next = firstDue(timers)) {
        nowMs = next.dueMs;
        next.dueMs += next.periodMs;
        next.call();
      }
      nowMs = untilMs;
    },
    periods: () => [...timers].map(({ periodMs }) => periodMs),
  };
}

/** Waits until only so many connections are left: a peer sees the end of one before the server does. */
export async function untilLeft(
  server: MilterServer<undefined>,
  connections: number,
): Promise<void> {
  for (let turns = 0; turns < 1000 && server.connections > connections; turns++) await turn();
  assert.equal(server.connections, connections);
}
