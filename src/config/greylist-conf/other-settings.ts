import type { Context } from './context.js';
import { MEANINGLESS } from './flags.js';
import type { Setting, Statement } from './syntax.js';

const SHARED_STORE =
  'servers that keep their triplets in one store (Redis or Valkey) know the same at once, and need no peers';

/** What is told of settings that come to nothing here. */
export function tellOther(
  statement: Setting & Pick<Statement, 'place'>,
  { findings }: Context,
): void {
  const { kind, place } = statement;
  switch (kind) {
    case 'flag': {
      if (statement.flag === 'unbracket') {
        const hint = 'let the MTA find names, which it does unless it is told not to';
        findings.unsupported(place, 'unbracket', 'is not done: names are those of the MTA', hint);
      }
      const why = MEANINGLESS[statement.flag];
      if (why !== undefined) findings.note(place, statement.flag, 'changes nothing', why);
      return;
    }
    case 'peer':
      findings.unsupported(place, kind, 'is not told of anything', SHARED_STORE);
      return;
    case 'syncaddr':
    case 'syncsrcaddr':
    case 'syncmaxqlen':
      findings.unsupported(place, kind, 'has no effect: nothing is sent to peers', SHARED_STORE);
      return;
    case 'drac':
      findings.unsupported(
        place,
        kind,
        'is not asked',
        'let users authenticate to send mail; who has authenticated is never greylisted',
      );
      return;
    case 'dumpfreq':
      findings.note(place, kind, 'changes nothing', 'each change is stored before it is answered');
      return;
    case 'tarpit':
      findings.note(place, kind, 'changes nothing', 'rules say themselves how long clients wait');
      return;
    case 'p0fsock':
    case 'spamdsock':
      findings.note(place, kind, 'is asked by no rule here');
      return;
    case 'geoipdb':
    case 'geoipv6db':
      findings.note(
        place,
        kind,
        'is in a form that is not read here',
        'write geoip2db and the path of a MaxMind database (.mmdb)',
      );
      return;
    default:
      return;
  }
}
