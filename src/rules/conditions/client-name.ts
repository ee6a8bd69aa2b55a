import type { Parsed } from '../../config/parsed.js';
import { isGenericName } from '../../mail/generic-name.js';
import { verifiedName } from '../../mail/host-name.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import { parseNameEntry } from '../sets/name-entry.js';
import type { NameEntry } from '../sets/name-entry.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
import type { StateEntry } from './states.js';

const STATES = ['verified', 'unverified', 'missing', 'temporarily-unknown', 'generic'] as const;

type State = (typeof STATES)[number];
type NameStateEntry = ConditionEntry<'names'> | StateEntry<State>;

/** What is looked for in the name as the MTA has it, which always has one. */
interface Spelled {
  /** At a dot or not. */
  readonly 'ends-with'?: readonly EndingEntry[] | undefined;
  readonly matches?: readonly NamePattern[] | undefined;
}
type NamePattern = Extract<NameEntry, { readonly kind: 'pattern' }>;
type EndingEntry = { readonly kind: 'ending'; readonly text: string; readonly ending: string };

const schema = ({ either, list, optional, section, withChecks }: SchemaKinds) =>
  either(
    list<NameStateEntry>(parseEntry, formatEntry, {
      examples: ['mx.example.net', '.example.org', ...STATES],
    }),
    withChecks(
      section({
        'ends-with': optional(
          list<EndingEntry>(parseEnding, formatEntry, {
            examples: ['example.net', '.example.net'],
          }),
          {
            meaning:
              'What the name ends with, at a dot or not: `ample.net` is the end of `example.net`. A client without a verified name has `[192.0.2.1]` for one.',
            expects: 'the end of a name, or a list of them',
          },
        ),
        matches: optional(
          list<NamePattern>(parseNamePattern, formatEntry, { examples: ['/^\\[/'] }),
          {
            meaning: 'Patterns for the same, so that clients without a name can match.',
            expects: "a pattern such as '/^\\[/', or a list of them",
          },
        ),
      }),
      (value) =>
        Object.keys(value).length === 1
          ? []
          : [{ path: [], problem: 'needs one of ends-with and matches' }],
    ),
  );

/** The name that the client's address has. */
export const clientNameCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'client-name',
  about: {
    meaning:
      "The client's verified name, or what is known of it: `verified`; `unverified`, its address has a name that does not have the address; `missing`, it has none; `temporarily-unknown`, DNS did not answer; `generic`, the name, verified or not, looks generated (octets, dyn, dsl, pool, static …).",
    expects: `${listKinds.names.expects}, ${STATES.join(', ')}, list:NAME, or a list of them; or {ends-with: …}, {matches: …}`,
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

function parseNamePattern(text: string): Parsed<NamePattern> {
  const parsed = parseNameEntry(text);
  if ('problem' in parsed) return parsed;
  if (parsed.ok.kind === 'pattern') return { ok: parsed.ok };
  return { problem: 'is not a pattern', hint: "write it between slashes: '/^\\[/'" };
}

function compileClientName(
  value: readonly NameStateEntry[] | Spelled,
  context: CompileContext,
): Condition {
  return isSpelled(value) ? compileSpelled(value, context) : compileNames(value, context);
}

function isSpelled(value: readonly NameStateEntry[] | Spelled): value is Spelled {
  return !Array.isArray(value);
}

function compileSpelled(
  { 'ends-with': endings = [], matches = [] }: Spelled,
  context: CompileContext,
): Condition {
  const placed = [
    ...endings.map((value, index) => ({ value, place: context.place(['ends-with', index]) })),
    ...matches.map((value, index) => ({ value, place: context.place(['matches', index]) })),
  ];
  return {
    name: 'client-name',
    isLookup: false,
    test: (evaluation) => {
      const { clientName, clientAddress } = evaluation.facts.attempt;
      const name = clientName ?? `[${clientAddress?.text ?? ''}]`;
      const lower = name.toLowerCase();
      const found = placed.find(({ value }) =>
        value.kind === 'pattern' ? value.pattern.matches(name) : lower.endsWith(value.ending),
      );
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
