import { withoutSecrets } from '../../config/secrets.js';
import { isDeepStrictEqual } from 'node:util';
import type {
  Answer,
  Lookups,
  LookupSource,
  MaybePromise,
  NamedValues,
} from '../../rules/lookups.js';

/** One question that a rule asked outside. */
export interface RecordedLookup {
  readonly kind: keyof Lookups;
  /** What was asked: a zone and an address, a domain. */
  readonly question: string;
  /** The answer in words, or why there is none. */
  readonly answer: string;
  readonly known: boolean;
}

/** Lookups that also keep what was asked of them, in the order of the answers. */
export function recordLookups(
  source: LookupSource,
): LookupSource & { readonly recorded: readonly RecordedLookup[] } {
  const recorded: RecordedLookup[] = [];
  const record = <T>(
    asked: Pick<RecordedLookup, 'kind' | 'question'>,
    answer: MaybePromise<Answer<T>>,
    inWords: (value: T) => string,
  ): MaybePromise<Answer<T>> => {
    const keep = (found: Answer<T>): Answer<T> => {
      const text = found.known ? inWords(found.value) : found.problem;
      const lookup = { ...asked, answer: text, known: found.known };
      // Several rules may ask the same, which is looked up once.
      if (!recorded.some((earlier) => isDeepStrictEqual(earlier, lookup))) recorded.push(lookup);
      return found;
    };
    return answer instanceof Promise ? answer.then(keep) : keep(answer);
  };
  return {
    recorded,
    forRecipient: (client) => {
      const lookups = source.forRecipient(client);
      return {
        dnsList: (zone, address, meant) =>
          record(
            { kind: 'dnsList', question: `${zone} for ${address.text}` },
            lookups.dnsList(zone, address, meant),
            (found) => (found.length === 0 ? 'not listed' : found.join(', ')),
          ),
        spf: (question) =>
          record(
            {
              kind: 'spf',
              question: `${question.sender.domain || 'HELO'} for ${question.client.text}`,
            },
            lookups.spf(question),
            ({ result, domain, term }) =>
              `${result} for ${domain}${term === undefined ? '' : ` by ${term}`}`,
          ),
        mailExchangers: (domain) =>
          record(
            { kind: 'mailExchangers', question: domain },
            lookups.mailExchangers(domain),
            (found) => found.map(({ text }) => text).join(', ') || 'none',
          ),
        clientName: (address) =>
          record(
            { kind: 'clientName', question: address.text },
            lookups.clientName(address),
            (name) => name ?? 'none that has it',
          ),
        url: (question) =>
          record(
            { kind: 'url', question: `${question.name} ${withoutSecrets(question.url)}` },
            lookups.url(question),
            inLines,
          ),
        ldap: (question) =>
          record(
            { kind: 'ldap', question: `${question.filter} below ${question.base}` },
            lookups.ldap(question),
            ({ entries, values }) =>
              `${entries} ${entries === 1 ? 'entry' : 'entries'} ${inLines(values)}`.trimEnd(),
          ),
        dkim: (question) =>
          record({ kind: 'dkim', question: 'the message' }, lookups.dkim(question), (signatures) =>
            signatures.length === 0
              ? 'no signature'
              : signatures.map(({ domain, result }) => `${result} of ${domain}`).join(', '),
          ),
        geo: (address) =>
          record({ kind: 'geo', question: address.text }, lookups.geo(address), (found) =>
            [
              found.country ?? 'no country',
              found.asn === undefined ? 'no AS' : `AS${found.asn}`,
            ].join(', '),
          ),
      };
    },
  };
}

function inLines(values: NamedValues): string {
  return values.map(([name, value]) => `${name}: ${value}`).join(', ');
}
