import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { noRules } from '../../src/daemon/configuration/rule-set.js';
import type { Attempt } from '../../src/greylist/attempt.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import type { Evaluation } from '../../src/rules/condition.js';
import { EvaluationTexts } from '../../src/rules/evaluation-texts.js';
import { evaluateRules } from '../../src/rules/evaluate.js';
import { Properties } from '../../src/rules/properties.js';
import type { Program } from '../../src/rules/rule.js';
import { median } from './statistics.js';

/** What a rule with one list of so many entries costs. */
export interface ListCost {
  readonly name: string;
  readonly entries: number;
  /** CPU time from the list file to rules that can be asked; the median of a few times. */
  readonly loadMs: number;
  /** CPU time of the rule asked for one recipient; half of them are in the list. */
  readonly ruleNs: number;
  /** The same as a part of what a session with a new triplet costs. */
  readonly sessionRatio: number;
}

/** A kind of list. */
interface Sort {
  readonly name: string;
  readonly condition: 'client' | 'sender';
  readonly kind: 'clients' | 'senders';
  readonly entry: (index: number) => string;
  /** Whom the entry of this number is about. */
  readonly attempt: (index: number) => Pick<Attempt, 'clientAddress' | 'clientName' | 'sender'>;
}

/** How many different recipients are asked for, and how often; few enough for a processor's cache. */
const asked = 2000;
const rounds = 30;
const loads = 5;

const nobody = {
  clientAddress: parseIpAddress('192.0.2.1'),
  clientName: undefined,
  sender: parseEnvelopeAddress('<nobody@sender.example>'),
};

const network = (index: number): string =>
  index % 4 === 3
    ? `2001:db8:${(index >> 8).toString(16)}:${(index & 255).toString(16)}::`
    : `${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0`;

const sorts: readonly Sort[] = [
  {
    name: 'networks',
    ...({ condition: 'client', kind: 'clients' } as const),
    entry: (index) => `${network(index)}/${index % 4 === 3 ? 64 : 24}`,
    attempt: (index) => ({
      ...nobody,
      clientAddress: parseIpAddress(network(index).replace(/0$/, '25').replace(/::$/, '::25')),
    }),
  },
  {
    name: 'client names',
    ...({ condition: 'client', kind: 'clients' } as const),
    entry: (index) => (index % 2 === 0 ? `mx${index}.client.example` : `.isp${index}.example`),
    attempt: (index) => ({
      ...nobody,
      clientName: index % 2 === 0 ? `mx${index}.client.example` : `a.mail.isp${index}.example`,
    }),
  },
  {
    name: 'senders',
    ...({ condition: 'sender', kind: 'senders' } as const),
    entry: (index) => (index % 2 === 0 ? `user${index}@site.example` : `@firm${index}.example`),
    attempt: (index) => {
      const address = index % 2 === 0 ? `user${index}@site.example` : `ann@firm${index}.example`;
      return { ...nobody, sender: parseEnvelopeAddress(`<${address}>`) };
    },
  },
];

/**
 * Measures lists of each kind in this process.
 *
 * @param sessionUs what a session costs, in microseconds
 */
export async function measureLists(
  directory: string,
  sizes: readonly number[],
  sessionUs: number,
): Promise<readonly ListCost[]> {
  const costs: ListCost[] = [];
  const below = join(directory, 'lists');
  mkdirSync(below);
  for (const entries of sizes) {
    for (const sort of sorts) {
      const file = writeConfiguration(below, sort, entries);
      const took: number[] = [];
      for (let time = 0; time < loads; time++) {
        const before = process.cpuUsage();
        await loadConfig({ file });
        took.push(microsecondsSince(before) / 1000);
      }
      const ruleNs = askMany((await loadConfig({ file })).program, sort, entries);
      const sessionRatio = ruleNs / 1000 / sessionUs;
      costs.push({ name: sort.name, entries, loadMs: median(took), ruleNs, sessionRatio });
    }
  }
  return costs;
}

/** What others do on the machine is not in it. */
function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function writeConfiguration(directory: string, sort: Sort, entries: number): string {
  const list = Array.from({ length: entries }, (_, index) => `${sort.entry(index)}\n`);
  writeFileSync(join(directory, 'list.txt'), list.join(''));
  const file = join(directory, 'greymilter.yaml');
  writeFileSync(
    file,
    `lists: {list: {${sort.kind}: {file: list.txt}}}\n` +
      `rules: [{when: {${sort.condition}: list:list}, then: accept}]\n`,
  );
  return file;
}

function askMany({ rules }: Program, { name, attempt }: Sort, entries: number): number {
  // Every other one lies behind the list's end, and the others all over it.
  const evaluations = Array.from({ length: asked }, (_, index) =>
    evaluationOf(attempt((index % 2) * entries + Math.floor((index * entries) / asked))),
  );
  const ask = (): number => {
    let found = 0;
    for (const evaluation of evaluations) {
      const ruling = evaluateRules(rules, evaluation);
      if ('action' in ruling && ruling.action === 'accept') found++;
    }
    return found;
  };
  const found = ask();
  if (found !== asked / 2) throw new Error(`${found} of ${asked} ${name} are in a list of half`);
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    ask();
    took.push((microsecondsSince(before) * 1000) / asked);
  }
  return median(took);
}

function evaluationOf(who: ReturnType<Sort['attempt']>): Evaluation {
  const facts: Evaluation['facts'] = {
    now: 0,
    recipientsBefore: 0,
    message: undefined,
    macro: () => undefined,
    attempt: {
      ...who,
      id: 'bench',
      via: 'milter',
      clientPort: 4711,
      helo: 'mail.client.example',
      recipient: parseEnvelopeAddress('<user@local.example>'),
      login: undefined,
      daemonName: undefined,
      accessMap: undefined,
    },
  };
  const [found, properties] = [new Map<string, string>(), new Properties()];
  const surroundings = { timeZone: () => 'UTC', version: '', host: '', spellSender: () => '' };
  return {
    facts,
    lookups: noRules.lookups.forRecipient(undefined),
    rates: { hit: () => 1 },
    found,
    properties,
    overrides: [],
    texts: new EvaluationTexts({ facts, found, properties }, surroundings),
  };
}
