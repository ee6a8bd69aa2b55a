import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PolicyClient } from '../../../../src/protocols/postfix-policy/mta/policy-client.js';
import {
  PolicyServer,
  type PolicyServerOptions,
} from '../../../../src/protocols/postfix-policy/server.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { testService, type TestSession } from './connection-rig.js';

/** A server under test. */
export interface Running {
  readonly server: PolicyServer<TestSession>;
  readonly events: string[];
  /** Our own client. */
  readonly open: () => Promise<PolicyClient>;
  /** A bare connection. */
  readonly socket: () => Promise<Socket>;
  /** Closes the listener, as one has to before `drain`. */
  readonly stopListening: () => void;
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

/** Says `REJECT` and who sends. */
export const refusing = testService((asked) => `REJECT ${asked.get('sender') ?? ''}`);

/** A server on a Unix socket, with a clock that stands still. */
export async function run(
  t: TestContext,
  options: Partial<PolicyServerOptions<TestSession>> = {},
): Promise<Running> {
  const events: string[] = [];
  let nowMs = 0;
  const timers = new Set<Timer>();
  const server = new PolicyServer<TestSession>({
    open: () => ({ requests: 0 }),
    service: () => refusing,
    observer: {
      connected: () => events.push('connected'),
      overloaded: (connections) => events.push(`overloaded ${connections}`),
      refused: (connections) => events.push(`refused ${connections}`),
      unfiltered: () => events.push('unfiltered'),
      malformed: ({ code }) => events.push(code),
      handlerFailed: (error) => events.push(String(error)),
      late: () => events.push('late'),
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
  const path = join(createTempDirectory(t), 'p.sock');
  const listener = createServer();
  server.attach(listener);
  await once(listener.listen(path), 'listening');
  t.after(async () => {
    listener.close();
    await server.drain(0);
  });
  return {
    server,
    events,
    open: () => PolicyClient.connect({ path }),
    socket: async () => {
      const socket = connect({ path, allowHalfOpen: true });
      t.after(() => socket.destroy());
      await once(
        socket.on('error', () => undefined),
        'connect',
      );
      return socket;
    },
    stopListening: () => listener.close(),
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

/** Waits for what the other end brings about. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !isTrue(); turns++) await turn();
  assert.ok(isTrue());
}
