import { duplexPair, type Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { PolicyAction } from '../../../../src/protocols/postfix-policy/actions.js';
import {
  PolicyConnection,
  type ConnectionHost,
} from '../../../../src/protocols/postfix-policy/connection.js';
import {
  defaultLimits,
  type PolicyLimits,
} from '../../../../src/protocols/postfix-policy/limits.js';
import type { PolicyRequest } from '../../../../src/protocols/postfix-policy/policy-request.js';
import { RequestParser } from '../../../../src/protocols/postfix-policy/request-parser.js';
import type { PolicyService } from '../../../../src/protocols/postfix-policy/service.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';

/** What a test service keeps for a connection. */
export interface TestSession {
  requests: number;
}

/** Answers a request; the number counts those of the connection. */
export type Answer = (
  request: PolicyRequest,
  count: number,
) => PolicyAction | Promise<PolicyAction>;

/** A connection under test with the MTA's end of it. */
export interface Harness {
  readonly mta: Duplex;
  /** Our end of it; destroying one end does not tell the other. */
  readonly socket: Duplex;
  readonly connection: PolicyConnection<TestSession>;
  readonly clock: ManualClock;
  /** Codes of requests that could not be read, `late`, and `failed: the error's text`. */
  readonly reports: string[];
  /** One entry for each time it closed: the code, or `normal`. */
  readonly endings: string[];
  /** How many times an answer was awaited. */
  readonly thoughts: () => number;
  /** How many times something was written to the MTA. */
  readonly writes: () => number;
  /** All that was written since this was called last; `action=` and line ends are left out. */
  readonly taken: () => readonly string[];
  /** Sends, and returns the answers of this turn. */
  readonly exchange: (...sent: readonly Uint8Array[]) => Promise<readonly string[]>;
}

/** By default everything passes, and what goes wrong says so. */
export function testService(
  answer: Answer = () => 'DUNNO',
  more: Partial<PolicyService<TestSession>> = {},
): PolicyService<TestSession> {
  return {
    answer: (request, session) => answer(request, ++session.requests),
    failed: () => 'DEFER failed',
    late: () => 'DEFER late',
    ...more,
  };
}

/** Opens a connection for a service; undefined lets everything pass. */
export function openConnection(
  service: PolicyService<TestSession> | undefined = testService(),
  limits: Partial<PolicyLimits> = {},
  more: Partial<ConnectionHost<TestSession>> = {},
): Harness {
  const [mta, socket] = duplexPair();
  const clock = createManualClock();
  const reports: string[] = [];
  const endings: string[] = [];
  let thoughts = 0;
  let writes = 0;
  let received = '';
  const host: ConnectionHost<TestSession> = {
    parser: new RequestParser(),
    open: () => ({ requests: 0 }),
    close: () => undefined,
    serviceFor: () => service,
    now: clock.now,
    flushSoon: (each) => each.flush(),
    thinking: () => thoughts++,
    malformed: ({ code }) => reports.push(code),
    handlerFailed: (error) => reports.push(`failed: ${String(error)}`),
    late: () => reports.push('late'),
    closed: (_connection, error) => endings.push(error?.code ?? 'normal'),
    ...more,
  };
  const connection = new PolicyConnection(socket, host, { ...defaultLimits, ...limits });
  mta.on('data', (chunk: Buffer) => {
    writes++;
    received += chunk.toString('utf8');
  });
  mta.on('error', () => undefined);
  const taken = (): readonly string[] => {
    const answers = received.split('\n\n');
    received = answers.pop() ?? '';
    return answers.map((text) => text.replace(/^action=/, ''));
  };
  return {
    mta,
    socket,
    connection,
    clock,
    reports,
    endings,
    thoughts: () => thoughts,
    writes: () => writes,
    taken,
    exchange: async (...sent) => {
      mta.write(Buffer.concat(sent));
      await settle();
      return taken();
    },
  };
}

/** Lets everything happen that is under way. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 6; turns++) await turn();
}

/** A promise with its means. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates a promise that a test settles. */
export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
