import { PolicyClient, type Attributes } from '../../src/protocols/postfix-policy/index.js';
import { postfixAttributes } from '../../test/support/postfix-attributes.js';
import type { Taken } from './load.js';
import { runAtRate } from './steady-rate.js';
import { triplet } from './triplet.js';

/** One turn of requests over connections that stay, as Postfix makes them. */
export interface PolicyOrder {
  readonly path: string;
  readonly requests: number;
  /** At the same time, each with one request at a time. */
  readonly connections: number;
  /**
   * Instead of so many at once: so many requests in a second, whether the service keeps up or not. One that finds
   * all connections busy gets another, as Postfix starts another smtpd(8).
   */
  readonly rate?: number | undefined;
  /** The number of the first triplet, and after how many they begin again. */
  readonly first: number;
  readonly triplets: number;
  /** How each answer has to begin; anything else fails the benchmark. */
  readonly expected: string;
}

/** How many messages there were; each has an `instance` of its own. */
let messages = 0;

function request(number: number): Attributes {
  const { client, from, to } = triplet(number);
  return Object.entries({
    ...postfixAttributes,
    client_address: client.address,
    client_name: client.hostName,
    reverse_client_name: client.hostName,
    helo_name: client.hostName,
    sender: from,
    recipient: to,
    instance: `1a2b.65930000.${++messages}.0`,
  });
}

/** Makes the requests of a turn. Rejects if one is not answered as expected. */
export async function runPolicy(order: PolicyOrder): Promise<Taken> {
  const { path, requests, connections } = order;
  const took = new Float64Array(requests);
  const clients = await Promise.all(
    Array.from({ length: connections }, () => PolicyClient.connect({ path })),
  );
  const startedAt = performance.now();
  await (order.rate === undefined
    ? askAtOnce(order, clients, took)
    : askAtRate(order, { perSecond: order.rate, clients, took }));
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(clients.map((client) => client.close()));
  // Its connections stay: a session is a request.
  return { seconds, took, sessionTook: took };
}

async function askAtOnce(
  order: PolicyOrder,
  clients: readonly PolicyClient[],
  took: Float64Array,
): Promise<void> {
  let begun = 0;
  const worker = async (client: PolicyClient): Promise<void> => {
    while (begun < order.requests) {
      const index = begun++;
      const askedAt = performance.now();
      await ask(order, client, index);
      took[index] = (performance.now() - askedAt) * 1000;
    }
  };
  await Promise.all(clients.map(worker));
}

/** @param clients takes those that are connected meanwhile */
async function askAtRate(
  order: PolicyOrder,
  {
    perSecond,
    clients,
    took,
  }: {
    readonly perSecond: number;
    readonly clients: PolicyClient[];
    readonly took: Float64Array;
  },
): Promise<void> {
  const free = [...clients];
  const connect = async (): Promise<PolicyClient> => {
    const client = await PolicyClient.connect({ path: order.path });
    clients.push(client);
    return client;
  };
  const begin = async (index: number): Promise<void> => {
    const askedAt = performance.now();
    const client = free.pop() ?? (await connect());
    await ask(order, client, index);
    took[index] = (performance.now() - askedAt) * 1000;
    free.push(client);
  };
  await runAtRate({ perSecond, most: order.requests, begin });
}

async function ask(order: PolicyOrder, client: PolicyClient, index: number): Promise<void> {
  const { first, triplets, expected } = order;
  const number = first + (index % triplets);
  const action = await client.ask(request(number));
  if (!action.startsWith(expected)) throw new Error(`triplet ${number} was answered ${action}`);
}
