import type { ListEntry } from './condition.js';
import type { RuleIssue } from './program-source.js';
import { listKinds } from './sets/list-kinds.js';
import type { ListEntries, ListKind, ListSets } from './sets/list-kinds.js';

/** The entries of one named list, by their kind. */
export type ListContent = {
  readonly [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[];
};

/** All named lists. */
export type ListContents = ReadonlyMap<string, ListContent>;

/** The named lists of one configuration, each compiled when the first condition names it. */
export class ListStore {
  readonly #contents: ListContents;
  readonly #missing: RuleIssue[] = [];
  readonly #used = new Set<string>();
  readonly #sets: { readonly [Kind in ListKind]: Map<string, ListSets[Kind]> } = {
    clients: new Map(),
    senders: new Map(),
    recipients: new Map(),
    names: new Map(),
    values: new Map(),
  };

  constructor(contents: ListContents) {
    this.#contents = contents;
  }

  /** What was named, but has no entries of the kind that was asked for. */
  get missing(): readonly RuleIssue[] {
    return this.#missing;
  }

  /** The names of the lists that somebody asked for. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }

  /**
   * A compiled list; an empty one if there is none of this kind.
   *
   * @param path of the reference
   */
  get<Kind extends ListKind>(
    kind: Kind,
    name: string,
    path: readonly (string | number)[],
  ): ListSets[Kind] {
    this.#used.add(name);
    const known = this.#sets[kind].get(name);
    if (known !== undefined) return known;
    const content = this.#contents.get(name);
    const entries: readonly ListEntry<ListEntries[Kind]>[] | undefined = content?.[kind];
    if (content !== undefined && entries === undefined) {
      const has = Object.keys(content).join(' and ');
      const problem = `the list ${name} has ${has}, where ${kind} are needed`;
      const hint = `give the list a key ${kind}, or name another list`;
      this.#missing.push({ path, problem, hint });
    }
    const set = listKinds[kind].create(entries ?? []);
    if (entries !== undefined) this.#sets[kind].set(name, set);
    return set;
  }
}
