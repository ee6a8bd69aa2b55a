import { PolicyClient, type Attributes } from '../../src/protocols/postfix-policy/index.js';
import { postfixAttributes } from '../../test/support/postfix-attributes.js';
import type { Taken } from './load.js';
import { triplet } from './triplet.js';

/** One turn of requests over connections that stay, as Postfix makes them. */
export interface PolicyOrder {
  readonly path: string;
  readonly requests: number;
  /** At the same time, each with one request at a time. */
  readonly connections: number;
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
  const { path, requests, connections, first, triplets, expected } = order;
  const took = new Float64Array(requests);
  let begun = 0;
  const worker = async (client: PolicyClient): Promise<void> => {
    while (begun < requests) {
      const index = begun++;
      const number = first + (index % triplets);
      const askedAt = performance.now();
      const action = await client.ask(request(number));
      took[index] = (performance.now() - askedAt) * 1000;
      if (!action.startsWith(expected)) throw new Error(`triplet ${number} was answered ${action}`);
    }
  };
  const clients = await Promise.all(
    Array.from({ length: connections }, () => PolicyClient.connect({ path })),
  );
  const startedAt = performance.now();
  await Promise.all(clients.map(worker));
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(clients.map((client) => client.close()));
  // Its connections stay: a session is a request.
  return { seconds, took, sessionTook: took };
}
