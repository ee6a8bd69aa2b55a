import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds, Truth } from '../condition.js';
import type { Answer, GeoFinding } from '../lookups.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
import type { StateEntry } from './states.js';

type CountryEntry = ConditionEntry<'values'> | StateEntry<'unknown'>;

interface Value {
  readonly countries?: readonly CountryEntry[] | undefined;
  readonly asn?: number | readonly number[] | undefined;
}

/** RFC 6793: 32 bits. */
const LAST_ASN = 4_294_967_295;

const schema = ({ either, list, optional, section, sequence, whole, withChecks }: SchemaKinds) =>
  withChecks(
    section({
      countries: optional(
        list<CountryEntry>(parseCountry, formatEntry, {
          examples: ['DE', 'AT', 'unknown', 'list:home'],
        }),
        {
          meaning:
            'Countries by their two letters (ISO 3166-1), or `unknown` (also written `ZZ`) where the database has none.',
          expects: 'a country such as DE, unknown, list:NAME, or a list of them',
        },
      ),
      asn: optional(either(whole(0, LAST_ASN), sequence(whole(0, LAST_ASN))), {
        meaning: 'Numbers of autonomous systems, which is to say networks of one operator.',
        expects: 'a number such as 64496, without AS, or a list of them',
      }),
    }),
    ({ countries, asn }) =>
      countries === undefined && asn === undefined
        ? [{ path: [], problem: 'is empty', hint: 'write {countries: [DE, AT]}, for example' }]
        : [],
  );

/** Where the client is. */
export const geoCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'geo',
  about: {
    meaning:
      'The country and the autonomous system of the client, by database files. If both are named both must match.',
    expects: 'a mapping with countries, asn or both',
    example: 'geo: {countries: [DE, AT, CH]}',
  },
  stage: 'connect',
  isLookup: true,
  schema: (kinds) => schema(kinds),
  compile: compileGeo,
};

function parseCountry(text: string): Parsed<CountryEntry> {
  // No country has ZZ, which databases and milter-greylist write where there is none.
  if (text === 'unknown' || text.toUpperCase() === 'ZZ')
    return { ok: { kind: 'state', text, state: 'unknown' } };
  if (text.startsWith('list:')) return parseConditionEntry('values')(text);
  const value = text.toUpperCase();
  // ISO 3166-1 keeps it for the United Kingdom, and databases never have it.
  if (value === 'UK') return { problem: 'is not a country', hint: 'write GB' };
  if (/^[A-Z]{2}$/.test(value)) return { ok: { kind: 'value', text: value, value } };
  return { problem: 'is not a country', hint: 'write its two letters, such as DE' };
}

function compileGeo({ countries, asn }: Value, context: CompileContext): Condition {
  const isCountry =
    countries === undefined ? undefined : compileCountries(countries, context, ['countries']);
  const numbers = asn === undefined ? undefined : new Set(typeof asn === 'number' ? [asn] : asn);
  return {
    name: 'geo',
    isLookup: true,
    test: (evaluation) => {
      const client = evaluation.facts.attempt.clientAddress;
      const { note, lookups } = evaluation;
      if (client === undefined) {
        note?.('no client address');
        return 'no';
      }
      const conclude = (answer: Answer<GeoFinding>): Truth => {
        if (!answer.known) {
          note?.(`the place of ${client.text} is not known: ${answer.problem}`);
          return 'unknown';
        }
        const { country = '', asn: number, organisation = '' } = answer.value;
        evaluation.found.set('country', country === '' ? 'ZZ' : country);
        if (isCountry !== undefined) {
          const subject = country === '' ? 'no country' : country;
          if (report(evaluation, subject, isCountry(country)) === 'no') return 'no';
        }
        if (numbers === undefined) return 'yes';
        note?.(number === undefined ? 'no AS' : `AS${number} ${organisation}`.trimEnd());
        return number !== undefined && numbers.has(number) ? 'yes' : 'no';
      };
      const answer = lookups.geo(client);
      return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
    },
  };
}

function compileCountries(
  entries: readonly CountryEntry[],
  context: CompileContext,
  path: readonly string[],
) {
  const countries = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
  const set = compileEntries('values', countries, context, path);
  const unknown = compileStates<'unknown'>(entries, context, path).get('unknown');
  return (country: string) => (country === '' ? unknown : set.find(country));
}
