import { clientAddress, clientName, withoutBrackets } from './bracketed.js';
import { UNTOLD, type ToldDecision } from './logged-decision.js';

const ID = '(?:(\\(unknown id\\)|[^\\s:]{1,64}): )?';
const DELAYED = new RegExp(
  `^${ID}addr (\\S+?)\\[([^\\]]*)\\] from (<.*>|\\S+) to (<.*>|\\S+) (delayed(?: after DATA phase)? for [\\d:]+|blacklisted)`,
);
const KNOWN = new RegExp(
  `^${ID}addr (\\S+) from (<.*>|\\S+) rcpt (<.*>|\\S+): autowhitelisted for (?:another|more) [\\d:]+`,
);
/** Of a known one; or of one that is new and does not wait. */
const CREATED = new RegExp(
  `^${ID}created: (?:AUTO )?(\\S+) from (<.*>|\\S+) to (<.*>|\\S+) (?:valid for|delayed for 00:00:00$)`,
);
const SKIPPED = new RegExp(
  `^${ID}skipping greylist because (.*), \\(from=(.*), rcpt=(.*), addr=(\\S+?)\\[([^\\]]*)\\]\\)(?: ACL ?(.*))?$`,
);

const BY_SPF = new RegExp(
  `^${ID}Sender IP (\\S+) and address (<.*>|\\S+) are SPF-compliant, bypassing greylist$`,
);

/** Reads a line of milter-greylist 4, or of ours in its style; undefined if it is no decision. */
export function readMilterGreylistLine(body: string): ToldDecision | undefined {
  return delayed(body) ?? known(body) ?? created(body) ?? skipped(body) ?? bySpf(body);
}

function delayed(body: string): ToldDecision | undefined {
  const found = DELAYED.exec(body);
  if (found === null) return undefined;
  const [, id = '', name, address = '', from = '', to = '', how = ''] = found;
  const isDelayed = how.startsWith('delayed');
  const verdict = isDelayed ? 'tempfail' : 'reject';
  const reason = isDelayed ? 'greylist' : 'rule';
  return { ...partiesOf({ id, name, address, from, to }), verdict, would: verdict, reason };
}

function known(body: string): ToldDecision | undefined {
  const found = KNOWN.exec(body);
  if (found === null) return undefined;
  const [, id = '', address = '', from = '', to = ''] = found;
  const reason = 'greylist-known';
  return { ...partiesOf({ id, address, from, to }), verdict: 'accept', would: 'accept', reason };
}

function created(body: string): ToldDecision | undefined {
  const found = CREATED.exec(body);
  if (found === null) return undefined;
  const [, id = '', address = '', from = '', to = ''] = found;
  const reason = 'greylist-passed';
  return { ...partiesOf({ id, address, from, to }), verdict: 'accept', would: 'accept', reason };
}

function skipped(body: string): ToldDecision | undefined {
  const found = SKIPPED.exec(body);
  if (found === null) return undefined;
  const [, id = '', why = '', from = '', to = '', name, address = '', acl = ''] = found;
  const parties = partiesOf({ id, name, address, from, to });
  const mode = /^the mode is (learn|shadow)$/.exec(why)?.[1];
  if (mode === 'learn' || mode === 'shadow') {
    return { ...parties, mode, verdict: 'accept', would: 'tempfail', reason: 'greylist' };
  }
  const rule = acl === '' ? why : acl;
  return { ...parties, verdict: 'accept', would: 'accept', reason: 'rule', rule };
}

/** It names no recipient. */
function bySpf(body: string): ToldDecision | undefined {
  const found = BY_SPF.exec(body);
  if (found === null) return undefined;
  const [, id = '', address = '', from = ''] = found;
  const parties = partiesOf({ id, address, from, to: '' });
  return { ...parties, verdict: 'accept', would: 'accept', reason: 'rule', rule: 'spf' };
}

function partiesOf(read: {
  readonly id: string;
  readonly name?: string | undefined;
  readonly address: string;
  readonly from: string;
  readonly to: string;
}): Omit<ToldDecision, 'verdict' | 'would' | 'reason'> {
  const { id, name, address, from, to } = read;
  return {
    ...UNTOLD,
    voice: 'milter-greylist',
    id: id.startsWith('(') ? '' : id,
    client: clientAddress(address),
    // The address itself in brackets stands where there is no name.
    name: name?.startsWith('[') === true ? undefined : clientName(name),
    from: withoutBrackets(from),
    to: withoutBrackets(to),
  };
}
