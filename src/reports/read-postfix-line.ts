import { clientAddress, clientName } from './bracketed.js';
import { UNTOLD, type ToldDecision } from './logged-decision.js';

const REJECTED =
  /^(\S+): (?:milter-)?reject: [A-Z-]+ from (\S*?)\[([^\]]*)\](?::\d+)?: (?!5\d\d )(?:4\d\d )?(.*)$/;
const PARTIES = /^(.*?); from=<(.*?)> to=<(.*?)>(?: proto=\S+)?(?: helo=<(.*)>)?$/;

/**
 * Reads Postfix's own line of a recipient that was put off by greylisting, which is there whoever does
 * the greylisting; undefined for any other.
 *
 * @param isGreylisting whether the text of a reply is the greylister's
 */
export function readPostfixLine(
  body: string,
  isGreylisting: (text: string) => boolean,
): ToldDecision | undefined {
  const found = REJECTED.exec(body);
  if (found === null) return undefined;
  const [, id = '', name, address = '', rest = ''] = found;
  const parties = PARTIES.exec(rest);
  if (parties === null) return undefined;
  const [, text = '', from = '', to = '', helo] = parties;
  if (!isGreylisting(text)) return undefined;
  return {
    ...UNTOLD,
    voice: 'postfix',
    verdict: 'tempfail',
    would: 'tempfail',
    reason: 'greylist',
    id: id === 'NOQUEUE' ? '' : id,
    client: clientAddress(address),
    name: clientName(name),
    helo,
    from,
    to,
  };
}
