/**
 * How long a property lives: until the next recipient is named, or until the message is over. None
 * outlives its message: what one message has set says nothing of the next one.
 */
export type PropertyScope = 'recipient' | 'message';

/** What somebody has set, at some moment: all values of each name, the newest last. */
export type PropertyValues = ReadonlyMap<string, readonly string[]>;

/** What lookups answer may be long; this many bytes are kept of a value. */
const MAX_VALUE_LENGTH = 4096;
/** Far more than rules have use for; a bound for what an answer from outside can make us keep. */
const MAX_NAMES = 256;
const MAX_VALUES = 64;
/** All names and values of a message together, in characters. */
const MAX_TOTAL = 64 * 1024;

/** No properties at all. */
export const noProperties: PropertyValues = new Map();

/** How a property is written: as in other programs' files, in any letter case, and as long as a value may be. */
export function isPropertyName(name: string): boolean {
  return name.length <= MAX_VALUE_LENGTH && /^[\w-]+$/.test(name);
}

/**
 * Named values that rules set, and the lookups that they ask, for later rules and for texts to show.
 * Letter case of names does not matter. What is beyond the bounds is left out.
 */
export class Properties {
  /** Replaced with each change, so that who has it keeps what there was. */
  #values: PropertyValues = noProperties;
  /** Those that the next recipient does not have. */
  #ofRecipient: Set<string> | undefined;
  #total = 0;

  /** What there is now; it does not change any more. */
  get values(): PropertyValues {
    return this.#values;
  }

  /** The newest value. */
  get(name: string): string | undefined {
    return newestOf(this.#values, name);
  }

  /** All values, the newest last. */
  all(name: string): readonly string[] {
    return valuesOf(this.#values, name);
  }

  /** Gives a property this value instead of all that it has. */
  set(scope: PropertyScope, name: string, value: string): void {
    this.#keep(scope, name, [value]);
  }

  /** Gives a property one more value. */
  add(scope: PropertyScope, name: string, value: string): void {
    this.#keep(scope, name, [...this.all(name), value].slice(-MAX_VALUES));
  }

  /** Another recipient is named: what was set for the last one is gone. */
  beginRecipient(): void {
    const gone = this.#ofRecipient;
    if (gone === undefined) return;
    const left = [...this.#values].filter(([name]) => !gone.has(name));
    this.#values = new Map(left);
    this.#total = left.reduce((sum, [name, values]) => sum + lengthOf(name, values), 0);
    this.#ofRecipient = undefined;
  }

  #keep(scope: PropertyScope, written: string, values: readonly string[]): void {
    const name = written.toLowerCase();
    if (!isPropertyName(name)) return;
    if (!this.#values.has(name) && this.#values.size >= MAX_NAMES) return;
    const kept = values.map((value) => value.slice(0, MAX_VALUE_LENGTH));
    const before = this.#values.get(name);
    const grown = lengthOf(name, kept) - (before === undefined ? 0 : lengthOf(name, before));
    if (this.#total + grown > MAX_TOTAL) return;
    this.#total += grown;
    this.#values = new Map([...this.#values, [name, kept]]);
    if (scope === 'recipient') (this.#ofRecipient ??= new Set()).add(name);
    else this.#ofRecipient?.delete(name);
  }
}

function lengthOf(name: string, values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.length, name.length);
}

/** All values of a property, the newest last. */
export function valuesOf(values: PropertyValues, name: string): readonly string[] {
  return values.get(name.toLowerCase()) ?? [];
}

/** The newest value of a property; undefined if it has none. */
export function newestOf(values: PropertyValues, name: string): string | undefined {
  return valuesOf(values, name).at(-1);
}
