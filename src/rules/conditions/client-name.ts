import type { Parsed } from '../../config/parsed.js';
import { isGenericName } from '../../mail/generic-name.js';
import { verifiedName } from '../../mail/host-name.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
import type { StateEntry } from './states.js';

const STATES = ['verified', 'unverified', 'missing', 'temporarily-unknown', 'generic'] as const;

type State = (typeof STATES)[number];
type NameStateEntry = ConditionEntry<'names'> | StateEntry<State>;

/** What a name ends with, at a dot or not. */
interface Ending {
  readonly 'ends-with': readonly EndingEntry[];
}
type EndingEntry = { readonly kind: 'ending'; readonly text: string; readonly ending: string };

const schema = ({ either, list, required, section }: SchemaKinds) =>
  either(
    list<NameStateEntry>(parseEntry, formatEntry, {
      examples: ['mx.example.net', '.example.org', ...STATES],
    }),
    section({
      'ends-with': required(
        list<EndingEntry>(parseEnding, formatEntry, { examples: ['example.net', '.example.net'] }),
        {
          meaning:
            'What the name ends with, at a dot or not: `ample.net` is the end of `example.net`. A client without a verified name has `[192.0.2.1]` for one.',
          expects: 'the end of a name, or a list of them',
        },
      ),
    }),
  );

/** The name that the client's address has. */
export const clientNameCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'client-name',
  about: {
    meaning:
      "The client's verified name, or what is known of it: `verified`; `unverified`, its address has a name that does not have the address; `missing`, it has none; `temporarily-unknown`, DNS did not answer; `generic`, the name, verified or not, looks generated (octets, dyn, dsl, pool, static …).",
    expects: `${listKinds.names.expects}, ${STATES.join(', ')}, list:NAME, or a list of them; or {ends-with: …}`,
    example: "client-name: [missing, unverified, generic, '/^host-\\d+\\./']",
  },
  stage: 'connect',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: () => ({ macros: ['{client_ptr}', '{client_resolve}'] }),
  compile: compileClientName,
};

function parseEntry(text: string): Parsed<NameStateEntry> {
  const state = STATES.find((known) => known === text);
  if (state !== undefined) return { ok: { kind: 'state', text, state } };
  return parseConditionEntry('names')(text);
}

function parseEnding(text: string): Parsed<EndingEntry> {
  if (/^[\w.:[\]-]+$/.test(text)) {
    return { ok: { kind: 'ending', text, ending: text.toLowerCase() } };
  }
  return { problem: 'is not the end of a name', hint: 'write it as in example.net' };
}

function compileClientName(
  value: readonly NameStateEntry[] | Ending,
  context: CompileContext,
): Condition {
  return isEnding(value) ? compileEnding(value, context) : compileNames(value, context);
}

function isEnding(value: readonly NameStateEntry[] | Ending): value is Ending {
  return !Array.isArray(value);
}

function compileEnding({ 'ends-with': entries }: Ending, context: CompileContext): Condition {
  const placed = entries.map((value, index) => ({
    value,
    place: context.place(['ends-with', index]),
  }));
  return {
    name: 'client-name',
    isLookup: false,
    test: (evaluation) => {
      const { clientName, clientAddress } = evaluation.facts.attempt;
      const name = clientName ?? `[${clientAddress?.text ?? ''}]`;
      const found = placed.find(({ value }) => name.toLowerCase().endsWith(value.ending));
      return report(evaluation, name, found);
    },
  };
}

function compileNames(entries: readonly NameStateEntry[], context: CompileContext): Condition {
  const names = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
  const set = compileEntries('names', names, context);
  const states = compileStates<State>(entries, context);
  return {
    name: 'client-name',
    isLookup: false,
    test: (evaluation) => {
      const name = evaluation.facts.attempt.clientName;
      const byName = name === undefined || set.size === 0 ? undefined : set.find(name);
      if (byName !== undefined || states.size === 0) {
        return report(evaluation, name ?? 'no verified name', byName);
      }
      const { state, pointer } = stateOf(evaluation.facts);
      const found =
        states.get(state) ??
        (states.has('generic') && isGeneric(pointer, evaluation.facts)
          ? states.get('generic')
          : undefined);
      return report(evaluation, `${pointer ?? 'no name'} (${state})`, found);
    },
  };
}

function isGeneric(name: string | undefined, { attempt }: Facts): boolean {
  return name !== undefined && isGenericName(name, attempt.clientAddress);
}

/**
 * Sendmail and Postfix say OK, FAIL, FORGED or TEMP in `{client_resolve}`; the name that nobody has
 * confirmed is in `{client_ptr}`, where Sendmail writes `[192.0.2.1]` and Postfix `unknown` if there
 * is none. Postfix says FORGED also where the name does not resolve at all; whether TEMP is about
 * the name or about its address neither tells. An MTA that sends neither macro leaves nothing to
 * tell the states apart, and what has no verified name counts as missing.
 */
function stateOf(facts: Facts): {
  readonly state: Exclude<State, 'generic'>;
  readonly pointer: string | undefined;
} {
  const { clientName } = facts.attempt;
  if (clientName !== undefined) return { state: 'verified', pointer: clientName };
  const pointer = verifiedName(facts.macro('{client_ptr}') ?? '');
  const resolved = facts.macro('{client_resolve}');
  if (resolved === 'TEMP') return { state: 'temporarily-unknown', pointer };
  const isUnverified = resolved === 'FORGED' || pointer !== undefined;
  return { state: isUnverified ? 'unverified' : 'missing', pointer };
}
