import { formatEntry } from '../sets/compile-entries.js';
import { parseNameEntry } from '../sets/name-entry.js';
import { networkContains, networkOf, parseNetwork } from '../../mail/network.js';
import type { Network } from '../../mail/network.js';
import { ipAddressFromBytes, parseIpAddress } from '../../mail/ip-address.js';
import type { IpAddress } from '../../mail/ip-address.js';
import type { Parsed } from '../../config/parsed.js';
import type { Condition, ConditionKind, Evaluation, SchemaKinds, Truth } from '../condition.js';
import type { Answer, MaybePromise } from '../lookups.js';
import { ScoreTally } from './score-tally.js';
import type { Ballot } from './score-tally.js';

type Zones = readonly string[] | Readonly<Record<string, number>>;

interface Value {
  readonly zones: Zones;
  readonly answers?: readonly Network[] | undefined;
  readonly score?: number | undefined;
  readonly name?: string | undefined;
}

const MOST = 1000;

const schema = ({
  either,
  list,
  named,
  optional,
  required,
  section,
  text,
  whole,
  withChecks,
}: SchemaKinds) => {
  const form = { examples: ['zen.dnsbl.example'] };
  const zones = either(
    list<string>(parseZone, (zone) => zone, form),
    named(parseZone, form, whole(-MOST, MOST)),
  );
  return withChecks(
    section({
      zones: required(zones, {
        meaning: 'The DNS lists that are asked; a mapping gives each its weight.',
        expects: 'a zone, a list of zones, or a mapping such as {zen.dnsbl.example: 2}',
      }),
      answers: optional(
        list<Network>(parseAnswer, ({ text }) => text, {
          examples: ['127.0.0.2', '127.0.0.2/31'],
        }),
        {
          meaning:
            'The answers that count, whatever they are. Without it all do that mean a listing: 127.0.0.0/8 but for 127.255.255.0/24.',
          expects: 'an address such as 127.0.0.2, a network of them, or a list',
        },
      ),
      score: optional(whole(-MOST, MOST * MOST), {
        meaning: 'What the weights of the zones that list the client must add up to, at least.',
        expects: 'a whole number',
      }),
      name: optional(
        text(parseName, (name) => name, { examples: ['SORBS'] }),
        {
          meaning: 'What `{dnsbl}` says instead of the zones that list it.',
          expects: 'a line of text',
        },
      ),
    }),
    checkScore,
  );
};

/** Whether DNS lists have the client. */
export const dnsblCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'dnsbl',
  about: {
    meaning:
      "Whether the client is in one of several DNS lists, black or white: the rule's action says which. With `score` the weights of those that list it must reach it; zones without a weight count 1. `{dnsbl}` in texts names the zones, or what the condition is called by `name`.",
    expects: 'a mapping with zones, and answers, score and name if need be',
    example: "dnsbl: {zones: [zen.dnsbl.example], answers: ['127.0.0.2/31']}",
  },
  stage: 'connect',
  isLookup: true,
  schema: (kinds) => schema(kinds),
  compile: compileDnsList,
};

function parseName(written: string): Parsed<string> {
  if (/^[ -~]{1,80}$/.test(written) && written.trim() === written) return { ok: written };
  return { problem: 'is no name', hint: 'write up to 80 characters of US-ASCII' };
}

function parseZone(text: string): Parsed<string> {
  const parsed = parseNameEntry(text);
  if ('ok' in parsed && parsed.ok.kind === 'name' && text.includes('.')) {
    return { ok: formatEntry(parsed.ok) };
  }
  return { problem: 'is not the zone of a DNS list', hint: 'write it as in zen.dnsbl.example' };
}

function parseAnswer(text: string): Parsed<Network> {
  const network = parseNetwork(text);
  const hint = 'write an address such as 127.0.0.2, or a network such as 127.0.0.2/31';
  if (network?.family !== 4) return { problem: 'is no answer of a DNS list', hint };
  const isExact = network.text.startsWith(`${text.replace(/\/.*/, '')}/`);
  if (!isExact) return { problem: 'is an address with a prefix', hint: `write ${network.text}` };
  const short = network.prefix === 32 ? network.text.slice(0, -3) : network.text;
  return { ok: { ...network, text: short } };
}

function checkScore({ zones, score }: Value) {
  const weights = weightsOf(zones).map(({ weight }) => weight);
  if (weights.length === 0) return [{ path: ['zones'], problem: 'names no zone' }];
  if (score === undefined) {
    return Array.isArray(zones)
      ? []
      : [{ path: [], problem: 'needs a score', hint: 'write what the weights must add up to' }];
  }
  const best = weights.reduce((sum, weight) => sum + Math.max(weight, 0), 0);
  if (best >= score) return [];
  const hint = `all zones together reach ${best}`;
  return [{ path: ['score'], problem: 'can never be reached', hint }];
}

function weightsOf(zones: Zones): readonly { readonly zone: string; readonly weight: number }[] {
  if (isList(zones)) return zones.map((zone) => ({ zone, weight: 1 }));
  return Object.entries(zones).map(([zone, weight]) => ({ zone: zone.toLowerCase(), weight }));
}

function isList(zones: Zones): zones is readonly string[] {
  return Array.isArray(zones);
}

function compileDnsList({ zones, answers, score = 1, name }: Value): Condition {
  const weighted = weightsOf(zones);
  return {
    name: 'dnsbl',
    isLookup: true,
    test: (evaluation) => {
      const client = evaluation.facts.attempt.clientAddress;
      if (client === undefined) {
        evaluation.note?.('no client address');
        return 'no';
      }
      const tally = new ScoreTally(weighted, score);
      const listing: string[] = [];
      const judge = (zone: string, answer: Answer<readonly string[]>): Ballot => {
        const ballot = judgeAnswer(answer, answers, evaluation, zone);
        if (ballot === 'yes') listing.push(zone);
        return ballot;
      };
      const truth = askZones(weighted, client, evaluation, { tally, judge, meant: answers });
      const conclude = (found: Truth): Truth => {
        if (found === 'yes') remember(evaluation, name === undefined ? listing : [name]);
        return found;
      };
      return truth instanceof Promise ? truth.then(conclude) : conclude(truth);
    },
  };
}

/** Behind what earlier conditions have found. */
function remember({ found }: Evaluation, names: readonly string[]): void {
  const before = found.get('dnsbl')?.split(', ') ?? [];
  found.set('dnsbl', [...new Set([...before, ...names])].join(', '));
}

interface Poll {
  readonly tally: ScoreTally;
  readonly judge: (zone: string, answer: Answer<readonly string[]>) => Ballot;
  readonly meant: readonly Network[] | undefined;
}

/** Asks all zones at once, and answers as soon as the rest cannot change it. */
function askZones(
  zones: readonly { readonly zone: string; readonly weight: number }[],
  client: IpAddress,
  { lookups }: Evaluation,
  { tally, judge, meant }: Poll,
): MaybePromise<Truth> {
  const pending: Promise<Truth | undefined>[] = [];
  for (const { zone, weight } of zones) {
    const answer = lookups.dnsList(zone, client, meant);
    if (answer instanceof Promise) {
      pending.push(answer.then((late) => tally.count(weight, judge(zone, late))));
    } else {
      const truth = tally.count(weight, judge(zone, answer));
      if (truth !== undefined) return truth;
    }
  }
  if (pending.length === 0) return tally.conclude();
  return new Promise((resolve) => {
    for (const one of pending) void one.then((truth) => truth !== undefined && resolve(truth));
    void Promise.all(pending).then(() => resolve(tally.conclude()));
  });
}

/** RFC 5782 section 2.1; by the last block lists such as Spamhaus refuse to answer. */
const LISTED = networkOf(ipAddressFromBytes(Uint8Array.of(127, 0, 0, 0)), 8);
const REFUSED = networkOf(ipAddressFromBytes(Uint8Array.of(127, 255, 255, 0)), 24);

function judgeAnswer(
  answer: Answer<readonly string[]>,
  masks: readonly Network[] | undefined,
  { note }: Evaluation,
  zone: string,
): Ballot {
  if (!answer.known) {
    note?.(`${zone} has no answer: ${answer.problem}`);
    return 'unknown';
  }
  const texts = answer.value.join(', ');
  const addresses = answer.value.map(parseIpAddress).filter((address) => address !== undefined);
  const isRefusal = (address: IpAddress): boolean => networkContains(REFUSED, address);
  const isListed = addresses.some((address) =>
    masks === undefined
      ? networkContains(LISTED, address) && !isRefusal(address)
      : masks.some((mask) => networkContains(mask, address)),
  );
  if (!isListed && addresses.some(isRefusal)) {
    note?.(`${zone} refuses to answer: ${texts}`);
    return 'unknown';
  }
  note?.(texts === '' ? `${zone} does not list it` : `${zone} says ${texts}`);
  return isListed ? 'yes' : 'no';
}
