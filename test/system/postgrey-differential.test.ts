import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import { networkOf } from '../../src/mail/network.js';
import { postgreySender } from '../../src/mail/postgrey-sender.js';
import { PolicyClient } from '../../src/protocols/postfix-policy/index.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import { createLoad, type LoadRequest } from '../support/postgrey-load.js';
import { skipWithoutPostgrey } from '../support/postgrey.js';
import { startPostgrey } from '../support/postgrey-server.js';
import { createTempDirectory } from '../support/temp-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/postgrey', import.meta.url));

const MAX_AGE = 35 * 24 * 60 * 60;

/** Both were asked the same. */
interface Comparison {
  readonly request: LoadRequest;
  readonly theirs: string;
  readonly ours: string;
  /** Seconds since the triplet was last asked about. */
  readonly idle: number;
}

/** In what we differ, each with a row in the README. */
const CLASSES = {
  /** `10.20` is a /16. */
  'two octets': ({ request, ours, theirs }) =>
    request.clientAddress.startsWith('10.20.') && ours === 'DUNNO' && theirs !== ours,
  /** `.partner.example` matches what is below it. */
  'a dot': ({ request, ours }) => request.clientName === 'mail.partner.example' && ours === 'DUNNO',
  /** All IPv4-mapped clients are one network to Postgrey. */
  mapped: ({ request }) => request.clientAddress.startsWith('::ffff:'),
  /** `postmaster@` is also `postmaster` alone. */
  'no domain': ({ request, ours }) => request.recipient === 'postmaster' && ours === 'DUNNO',
  /** What is older than --max-age is forgotten when it comes, not in some night. */
  'max age': ({ idle, ours }) => idle > MAX_AGE && ours.startsWith('DEFER_IF_PERMIT'),
  /** The recipients of a message share the earliest clock that one of them has. */
  'one clock': ({ request, ours, theirs }) =>
    request.isFurther && secondsOf(ours) <= secondsOf(theirs),
} as const satisfies Readonly<Record<string, (compared: Comparison) => boolean>>;

/** How long is left to wait. */
function secondsOf(answer: string): number {
  return Number(/Wait (\d+) /.exec(answer)?.[1] ?? 0);
}

/** The date of a header is that of the machine in Postgrey, and its zone has a name. */
function withoutDate(answer: string): string {
  return answer.replace(/; \w{3}, .*$/, '');
}

function keyOf({ clientAddress, sender, recipient }: LoadRequest): string {
  const address = parseIpAddress(clientAddress);
  assert.ok(address !== undefined);
  const network = networkOf(address, address.family === 4 ? 24 : 64).text;
  return `${network}/${postgreySender(sender)}/${recipient}`.toLowerCase();
}

/** The answers of both to the same requests, one by one. */
async function compare(
  load: readonly LoadRequest[],
  ask: (request: LoadRequest) => Promise<readonly [theirs: string, ours: string]>,
): Promise<readonly Comparison[]> {
  const lastAt = new Map<string, number>();
  const compared: Comparison[] = [];
  for (const request of load) {
    const key = keyOf(request);
    const [theirs, ours] = await ask(request);
    compared.push({ request, theirs, ours, idle: request.at - (lastAt.get(key) ?? request.at) });
    lastAt.set(key, request.at);
  }
  return compared;
}

/** What differs, by its class; what follows from a difference of the same triplet is of its class. */
function explain(compared: readonly Comparison[]) {
  const counts = new Map<string, number>();
  const unexplained: Comparison[] = [];
  const diverged = new Map<string, string>();
  for (const each of compared) {
    const key = keyOf(each.request);
    if (withoutDate(each.theirs) === withoutDate(each.ours)) {
      if (each.ours === 'DUNNO') diverged.delete(key);
      continue;
    }
    const found = Object.entries(CLASSES).find(([, holds]) => holds(each))?.[0];
    const kind = found ?? diverged.get(key);
    if (kind === undefined) unexplained.push(each);
    else {
      diverged.set(key, kind);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return { counts, unexplained };
}

const options = [
  ...['--delay=300', '--retry-window=48h', '--max-age=35', '--hostname=mx.example.net'],
  '--greylist-text=Wait %s seconds for %r',
  `--whitelist-clients=${join(fixtures, 'whitelist_clients')}`,
  `--whitelist-recipients=${join(fixtures, 'whitelist_recipients')}`,
];

/** Asks both, each started for this alone. */
async function askBoth(
  t: TestContext,
  load: readonly LoadRequest[],
  own: readonly string[],
): Promise<readonly Comparison[]> {
  const directory = createTempDirectory(t);
  const socket = join(directory, 'socket');
  const words = [...options, ...own];
  const postgrey = await startPostgrey(t, words);
  const places = [`--unix=${socket}`, `--dbdir=${directory}`, '--test-clock', '--user=root'];
  const greymilter = new GreymilterProcess(['postgrey', ...places, ...words], { withinMs: 60_000 });
  t.after(async () => {
    greymilter.kill('SIGKILL');
    await greymilter.ending.catch(() => undefined);
  });
  await greymilter.logged(/^ready /);
  const theirs = await PolicyClient.connect({ path: postgrey.socket });
  const ours = await PolicyClient.connect({ path: socket });
  const compared = await compare(load, async (request) => {
    const attributes = attributesOf(request);
    return await Promise.all([theirs.ask(attributes), ours.ask(attributes)]);
  });
  await theirs.close();
  await ours.close();
  return compared;
}

function attributesOf(request: LoadRequest) {
  return Object.entries({
    request: 'smtpd_access_policy',
    protocol_state: 'RCPT',
    client_address: request.clientAddress,
    client_name: request.clientName,
    sender: request.sender,
    recipient: request.recipient,
    instance: request.instance,
    etrn_domain: '',
    policy_test_time: String(request.at),
  });
}

describe('the same requests to Postgrey and to us', { skip: skipWithoutPostgrey() }, () => {
  test('have the same answers, but for differences that the README names', async (t) => {
    const compared = await askBoth(t, createLoad(1, 3000), ['--auto-whitelist-clients=0']);
    const { counts, unexplained } = explain(compared);
    assert.deepEqual(unexplained.slice(0, 5), []);
    t.diagnostic(`${compared.length} questions, ${JSON.stringify(Object.fromEntries(counts))}`);
    assert.deepEqual([...counts.keys()].sort(), Object.keys(CLASSES).sort());
    const passed = compared.filter((each) => each.ours.startsWith('PREPEND'));
    assert.ok(passed.length > 100, `${passed.length} have passed after a delay`);
  });

  test('have them also where clients are known by their mail', async (t) => {
    const compared = await askBoth(t, createLoad(2, 1500, 'simple'), ['--lookup-by-host']);
    const { counts, unexplained } = explain(compared);
    assert.deepEqual(unexplained.slice(0, 5), []);
    t.diagnostic(`${compared.length} questions, ${JSON.stringify(Object.fromEntries(counts))}`);
    assert.deepEqual([...counts.keys()].sort(), ['a dot', 'two octets']);
    const late = compared.slice(-200).filter((each) => each.ours === 'DUNNO');
    assert.ok(late.length > 150, `${late.length} of the last 200 are known`);
  });
});
