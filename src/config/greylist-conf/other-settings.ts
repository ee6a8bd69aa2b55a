import type { Context } from './context.js';
import { MEANINGLESS } from './flags.js';
import type { Setting, Statement } from './syntax.js';

const SHARED_STORE =
  'servers that keep their triplets in one store (Redis or Valkey) know the same at once, and need no peers';
const NO_PEERS = ['unsupported', 'has no effect: nothing is sent to peers', SHARED_STORE] as const;
const OLD_DATABASE = [
  'note',
  'is in a form that is not read here',
  'write geoip2db and the path of a MaxMind database (.mmdb)',
] as const;
const NOBODY_ASKS = ['note', 'is asked by no rule here', 'rules that would are told of'] as const;

type Told = readonly [kind: 'note' | 'unsupported', problem: string, hint: string];

/** Settings that come to nothing here, and what to do about it. */
const TOLD: Readonly<Partial<Record<Setting['kind'], Told>>> = {
  peer: ['unsupported', 'is not told of anything', SHARED_STORE],
  syncaddr: NO_PEERS,
  syncsrcaddr: NO_PEERS,
  syncmaxqlen: NO_PEERS,
  drac: [
    'unsupported',
    'is not asked',
    'let users authenticate to send mail; who has authenticated is never greylisted',
  ],
  dumpfreq: ['note', 'changes nothing', 'each change is stored before it is answered'],
  p0fsock: NOBODY_ASKS,
  spamdsock: NOBODY_ASKS,
  geoipdb: OLD_DATABASE,
  geoipv6db: OLD_DATABASE,
};

/** Tells of a setting that comes to nothing. */
export function tellOther(
  statement: Setting & Pick<Statement, 'place'>,
  { findings, flags }: Context,
): void {
  const { kind, place } = statement;
  // Wherever it stands, nobody is asked there either.
  if (kind === 'drac' && flags.has('nodrac')) {
    findings.note(place, kind, 'changes nothing', 'nodrac says that nobody is asked');
    return;
  }
  if (statement.kind === 'flag') {
    const { flag } = statement;
    const why = MEANINGLESS[flag];
    if (why !== undefined) findings.note(place, flag, 'changes nothing', why);
  }
  const told = TOLD[kind];
  if (told === undefined) return;
  const [severity, problem, hint] = told;
  if (severity === 'note') findings.note(place, kind, problem, hint);
  else findings.unsupported(place, kind, problem, hint);
}
