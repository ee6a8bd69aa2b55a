import { listKinds } from './sets/list-kinds.js';
/** The named lists of one configuration, each compiled when the first condition names it. */
export class ListStore {
    #contents;
    #missing = [];
    #used = new Set();
    #sets = {
        clients: new Map(),
        senders: new Map(),
        recipients: new Map(),
        names: new Map(),
        values: new Map(),
    };
    constructor(contents) {
        this.#contents = contents;
    }
    /** What was named, but has no entries of the kind that was asked for. */
    get missing() {
        return this.#missing;
    }
    /** The names of the lists that somebody asked for. */
    get used() {
        return this.#used;
    }
    /**
     * A compiled list; an empty one if there is none of this kind.
     *
     * @param path of the reference
     */
    get(kind, name, path) {
        this.#used.add(name);
        const known = this.#sets[kind].get(name);
        if (known !== undefined)
            return known;
        const content = this.#contents.get(name);
        const entries = content?.[kind];
        if (content !== undefined && entries === undefined) {
            const has = Object.keys(content).join(' and ');
            const problem = `the list ${name} has ${has}, where ${kind} are needed`;
            const hint = `give the list a key ${kind}, or name another list`;
            this.#missing.push({ path, problem, hint });
        }
        const set = listKinds[kind].create(entries ?? []);
        if (entries !== undefined)
            this.#sets[kind].set(name, set);
        return set;
    }
}
//# sourceMappingURL=list-store.js.map