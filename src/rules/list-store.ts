import type { ListEntry } from './condition.js';
import type { RuleIssue } from './program-source.js';
import { finish, type Steps } from './steps.js';
import { listKinds } from './sets/list-kinds.js';
import type { ListEntries, ListKind, ListSets } from './sets/list-kinds.js';

/** The entries of one named list, by their kind. */
export type ListContent = {
  readonly [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[];
};

/** All named lists. */
export type ListContents = ReadonlyMap<string, ListContent>;

/** The named lists of one configuration, each compiled once: before it is named, or then. */
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

  /** Compiles all of them, so that nobody has to wait for it who names one. */
  *compile(): Steps<void> {
    for (const [name, content] of this.#contents) {
      const { clients, senders, recipients, names, values } = content;
      if (clients) this.#sets.clients.set(name, yield* listKinds.clients.create(clients));
      if (senders) this.#sets.senders.set(name, yield* listKinds.senders.create(senders));
      if (recipients)
        this.#sets.recipients.set(name, yield* listKinds.recipients.create(recipients));
      if (names) this.#sets.names.set(name, yield* listKinds.names.create(names));
      if (values) this.#sets.values.set(name, yield* listKinds.values.create(values));
    }
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
    const set = finish(listKinds[kind].create(entries ?? []));
    if (entries !== undefined) this.#sets[kind].set(name, set);
    return set;
  }
}
