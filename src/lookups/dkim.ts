import type { Answer, DkimQuestion, DkimResult, DkimSignature } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';
import { loadDkimVerify } from './mailauth.js';

/**
 * Each costs a question and an operation with its key; RFC 6376 section 6.1 lets verifiers limit
 * them. Mail has one or two, through a list perhaps four.
 */
const MAX_SIGNATURES = 8;

/**
 * Checks the signatures of a message (RFC 6376). Never rejects. A signature for a part of the body
 * (`l=`) is not believed, since anybody can add to the rest; nor are there more than eight.
 */
export async function checkDkim(
  { headers, body }: DkimQuestion,
  dns: DnsResolver,
  asker: Asker,
): Promise<Answer<readonly DkimSignature[]>> {
  const { kept, checked, others } = sortOut(headers);
  if (checked === 0) return { known: true, value: others };
  try {
    const found = await verify(kept, body, dns, asker);
    return { known: true, value: [...found, ...others] };
  } catch (error) {
    return { known: false, problem: `DKIM cannot be checked: ${String(error)}` };
  }
}

/** The fields with the signatures that are checked, and what is said of the others. */
function sortOut(headers: DkimQuestion['headers']) {
  const kept: (typeof headers)[number][] = [];
  const others: DkimSignature[] = [];
  let checked = 0;
  for (const field of headers) {
    const [name, value] = field;
    if (!isSignature(name)) kept.push(field);
    else if (isPartial(value) || checked === MAX_SIGNATURES) {
      const problem = isPartial(value) ? 'it is for a part of the body' : 'there are too many';
      others.push({ domain: domainOf(value), result: 'unknown', problem });
    } else {
      kept.push(field);
      checked += 1;
    }
  }
  return { kept, checked, others };
}

async function verify(
  headers: DkimQuestion['headers'],
  body: Uint8Array,
  dns: DnsResolver,
  asker: Asker,
): Promise<readonly DkimSignature[]> {
  const dkimVerify = await loadDkimVerify();
  const resolver = async (name: string): Promise<string[][]> => {
    const answer = await dns.keys(name, asker);
    // mailauth makes a temporary error of it.
    if (!answer.known) throw Object.assign(new Error(answer.problem), { code: 'ETIMEOUT' });
    const [key] = answer.value;
    if (key === undefined) throw Object.assign(new Error('no key'), { code: 'ENOTFOUND' });
    return [[key]];
  };
  const check = async (encoding: 'utf8' | 'latin1') => {
    const message = Buffer.concat([Buffer.from(headerText(headers), encoding), body]);
    const { results } = await dkimVerify(message, { resolver });
    return results.map(signatureOf);
  };
  const found = await check('utf8');
  // What is no UTF-8 came to us a character a byte, and may look as if it were.
  const isAmbiguous = headers.some(([, value]) => /[\x80-\xff]/.test(value) && isLatin1(value));
  const passes = found.some(({ result }) => result === 'pass');
  return isAmbiguous && !passes ? await check('latin1') : found;
}

function isLatin1(value: string): boolean {
  return /^[\0-\xff]*$/.test(value);
}

/** As it was sent: MTAs show continuation lines behind an LF. */
function headerText(headers: DkimQuestion['headers']): string {
  const lines = headers
    // With it mailauth would look into the seals of forwarders, and ask for their keys.
    .filter(([name]) => name.toLowerCase() !== 'arc-seal')
    .map(([name, value]) => `${name}:${value.replace(/\r?\n/g, '\r\n')}\r\n`);
  return `${lines.join('')}\r\n`;
}

function isSignature(name: string): boolean {
  return name.toLowerCase() === 'dkim-signature';
}

function isPartial(value: string): boolean {
  return /(?:^|;)\s*l\s*=/.test(value);
}

function domainOf(value: string): string {
  const [, domain = ''] = /(?:^|;)\s*d\s*=\s*([^;\s]*)/.exec(value) ?? [];
  return domain.toLowerCase();
}

/** Of what mailauth says of one signature. */
interface Verified {
  readonly signingDomain?: string;
  readonly status: { readonly result: string; readonly comment?: string | false };
}

function signatureOf({ signingDomain = '', status }: Verified): DkimSignature {
  const comment = typeof status.comment === 'string' ? status.comment : undefined;
  const result = resultOf(status.result, comment ?? '');
  return {
    domain: signingDomain.toLowerCase(),
    result,
    ...(result !== 'pass' && { problem: comment ?? status.result }),
  };
}

/**
 * mailauth's `neutral` is all of what RFC 6376 calls PERMFAIL but a signature that is wrong, and
 * among it a body that was changed.
 */
function resultOf(result: string, comment: string): DkimResult {
  switch (result) {
    case 'pass':
      return 'pass';
    case 'fail':
      return 'fail';
    case 'neutral':
      return /^(?:body hash|expired)/.test(comment) ? 'fail' : 'error';
    case 'temperror':
    case 'policy':
    // There is a signature, but none that can be read.
    case 'none':
      return 'error';
    default:
      return 'unknown';
  }
}
