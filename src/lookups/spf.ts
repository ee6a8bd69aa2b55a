import type { Answer, SpfFinding, SpfQuestion, SpfResult } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';
import { loadSpfVerify } from './mailauth.js';
import { SpfEvaluation, SpfStop, type SpfIdentity } from './spf-evaluation.js';

/**
 * Checks a sender by SPF (RFC 7208). Never rejects; `temperror` is no answer, and so is `%{p}`, the
 * macro that the RFC advises against. One thing is stricter than the RFC: a failed question for the
 * client's names ends in `temperror`, and never in a result that may refuse mail.
 */
export async function checkSpf(
  question: SpfQuestion,
  dns: DnsResolver,
  asker: Asker,
): Promise<Answer<SpfFinding>> {
  const identity = identityOf(question);
  const { domain } = identity;
  if (!isHostName(domain)) return found({ result: 'none', domain, term: undefined });
  const evaluation = new SpfEvaluation(identity, dns, asker);
  const outcome = await evaluate(evaluation, identity);
  if (outcome.error !== undefined) {
    const { error, problem } = outcome;
    if (error === 'temperror') return { known: false, problem };
    const said = { result: error, domain, term: undefined };
    return found(error === 'permerror' ? { ...said, problem } : said);
  }
  const result = RESULTS.get(outcome.qualifier) ?? 'neutral';
  if (evaluation.skipped !== undefined && result !== 'pass')
    return { known: false, problem: evaluation.skipped };
  return found({
    result,
    domain,
    term: describe(outcome.match, evaluation),
    prefix: prefixOf(outcome.match, evaluation, identity.client.family),
  });
}

const RESULTS: ReadonlyMap<string, SpfResult> = new Map([
  ['+', 'pass'],
  ['-', 'fail'],
  ['~', 'softfail'],
  ['?', 'neutral'],
]);

/** For the null sender, `postmaster@` the HELO name (section 2.4); also without a local part. */
function identityOf({ client, sender, helo = '' }: SpfQuestion): SpfIdentity {
  const isNull = sender.text === '';
  return {
    client,
    helo,
    localPart: isNull || sender.localPart === '' ? 'postmaster' : sender.localPart,
    domain: (isNull ? helo : sender.domain).toLowerCase().replace(/\.$/, ''),
  };
}

/** Section 4.3: a name of several labels, as DNS can carry it; address literals are none. */
function isHostName(domain: string): boolean {
  return domain.length <= 253 && /^[-\w]{1,63}(?:\.[-\w]{1,63})+$/.test(domain);
}

function found(value: SpfFinding): Answer<SpfFinding> {
  return { known: true, value };
}

/** What mailauth says of a term; unless it decided by `include`, that is all. */
interface Match {
  readonly type: string;
  readonly value: string;
  readonly included: Match | undefined;
}

type Outcome =
  | { readonly error: 'none' | 'permerror' | 'temperror'; readonly problem: string }
  | {
      readonly error?: undefined;
      readonly qualifier: string;
      readonly match: Match | undefined;
    };

async function evaluate(evaluation: SpfEvaluation, { client }: SpfIdentity): Promise<Outcome> {
  const { resolve: resolver, createSubResolver } = evaluation;
  const spfVerify = await loadSpfVerify();
  try {
    const options = { ip: client.text, resolver, createSubResolver };
    return outcomeOf(await spfVerify(evaluation.begin(), options));
  } catch (error) {
    if (error instanceof SpfStop)
      return { error: error.spfResult.error, problem: error.spfResult.text };
    const said = error instanceof Error && 'spfResult' in error ? error.spfResult : undefined;
    // Anything else is a fault of ours or the library's, and tells nothing about the sender.
    return said === undefined ? { error: 'temperror', problem: String(error) } : outcomeOf(said);
  }
}

/** mailauth is JavaScript without types here, so nothing is taken for granted. */
function outcomeOf(said: unknown): Outcome {
  const error = textOf(said, 'error');
  if (error === 'none' || error === 'permerror')
    return { error, problem: textOf(said, 'text') ?? '' };
  if (error !== undefined) return { error: 'temperror', problem: textOf(said, 'text') ?? error };
  return { qualifier: textOf(said, 'qualifier') ?? '?', match: matchOf(said) };
}

function matchOf(said: unknown): Match | undefined {
  const type = textOf(said, 'type');
  if (type === undefined) return undefined;
  const included = isObject(said) ? matchOf(said['include']) : undefined;
  return { type, value: textOf(said, 'val') ?? '', included };
}

function textOf(said: unknown, key: string): string | undefined {
  const value = isObject(said) ? said[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The chain of terms, outermost first: `include:_spf.example ip4:192.0.2.0/24`. */
function describe(match: Match | undefined, evaluation: SpfEvaluation): string | undefined {
  const terms: string[] = [];
  for (let at = match; at !== undefined; at = at.included) terms.push(describeTerm(at, evaluation));
  return terms.length === 0 ? undefined : terms.join(' ');
}

function describeTerm({ type, value }: Match, evaluation: SpfEvaluation): string {
  switch (type) {
    case 'ip4':
    case 'ip6':
      return `${type}:${value.replace('//', '/')}`;
    case 'include':
      return evaluation.describe(evaluation.questionOf(value)) ?? type;
    case 'a':
    case 'mx':
    case 'exists':
      return evaluation.describe(evaluation.lastAsked) ?? type;
    default:
      return type;
  }
}

/** Of the innermost term; undefined if it lists no addresses, or other ones for each client. */
function prefixOf(
  match: Match | undefined,
  evaluation: SpfEvaluation,
  family: 4 | 6,
): number | undefined {
  if (match === undefined || evaluation.isTailored) return undefined;
  if (match.included !== undefined) return prefixOf(match.included, evaluation, family);
  switch (match.type) {
    case 'ip4':
    case 'ip6':
      return Number(match.value.slice(match.value.lastIndexOf('/') + 1));
    case 'a':
    case 'mx': {
      const term = evaluation.lastAsked?.term;
      return term?.kind === 'a' || term?.kind === 'mx' ? term.prefixes[family] : undefined;
    }
    default:
      return undefined;
  }
}
