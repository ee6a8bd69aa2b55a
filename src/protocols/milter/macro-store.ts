import { commandTable, commandOfByte, macroStages, type MacroStage } from './commands.js';
import type { EventName, MacroEvent } from './events.js';
import type { MilterLimits } from './limits.js';
import { textFromLatin1 } from './text.js';

const slotOf = Object.fromEntries(macroStages.map((stage, index) => [stage, index])) as Readonly<
  Record<MacroStage, number>
>; // one entry for each stage, by construction

/**
 * The macros of one session, one slot for each stage. A packet replaces its whole slot; a look-up
 * goes from the latest stage to the earliest; an event empties the slots behind its own. Nothing
 * else empties them: neither MTA sends the macros of CONNECT and HELO again for the next message.
 *
 * A packet counts from the moment its event arrives, since Sendmail also sends the macros of
 * recipients that it then refuses itself, without an event. Where the event is suppressed, the
 * packet counts at once.
 */
export class MacroStore {
  readonly #slots: string[] = macroStages.map(() => '');
  readonly #announced: (string | undefined)[] = macroStages.map(() => undefined);
  readonly #limits: Pick<MilterLimits, 'macroBytes' | 'macros'>;

  constructor(limits: Pick<MilterLimits, 'macroBytes' | 'macros'>) {
    this.#limits = limits;
  }

  /**
   * Takes a packet in. Unknown stages, and lists beyond the limits, are left out: false.
   *
   * @param suppressed the NO* flags that were agreed on
   */
  announce(packet: MacroEvent, suppressed: number): boolean {
    const name = commandOfByte(packet.command);
    const spec = name === undefined ? undefined : commandTable[name];
    if (spec?.macroStage === undefined) return name === 'unknown';
    if (packet.pairs.length > this.#limits.macroBytes) return false;
    const slot = slotOf[spec.macroStage];
    if ((suppressed & spec.suppress) === 0) this.#announced[slot] = packet.pairs;
    else this.#slots[slot] = packet.pairs;
    return true;
  }

  /** The event itself is there: its macros hold, those of later stages are over. */
  arrive(event: EventName): void {
    const stage = commandTable[event].macroStage;
    if (stage === undefined) return;
    const slot = slotOf[stage];
    const announced = this.#announced[slot];
    if (announced !== undefined) {
      this.#slots[slot] = announced;
      this.#announced[slot] = undefined;
    }
    for (let later = slot + 1; later < this.#slots.length; later++) this.#slots[later] = '';
  }

  /** Forgets everything, for a new client on the same connection. */
  clear(): void {
    this.#slots.fill('');
    this.#announced.fill(undefined);
  }

  /**
   * The value of a macro; undefined if the MTA did not send it. `{x}` and `x` are the same for
   * single characters.
   */
  get(symbol: string): string | undefined {
    const name = plainName(symbol);
    for (let slot = this.#slots.length - 1; slot >= 0; slot--) {
      const pairs = this.#slots[slot];
      // Most of what is asked for is in none but one of the lists, if at all.
      if (pairs?.includes(name) !== true) continue;
      const value = findValue(pairs, name, this.#limits.macros);
      if (value !== undefined) return textFromLatin1(value);
    }
    return undefined;
  }
}

function plainName(symbol: string): string {
  return symbol.length === 3 && symbol.startsWith('{') && symbol.endsWith('}')
    ? symbol.charAt(1)
    : symbol;
}

// A name without a value at the end of an odd list is no pair; a value may lack its NUL.
function findValue(pairs: string, name: string, maxPairs: number): string | undefined {
  let at = 0;
  for (let pair = 0; pair < maxPairs && at < pairs.length; pair++) {
    const nameEnd = pairs.indexOf('\0', at);
    if (nameEnd === -1 || nameEnd + 1 === pairs.length) return undefined;
    const found = pairs.indexOf('\0', nameEnd + 1);
    const valueEnd = found === -1 ? pairs.length : found;
    if (isNameAt(pairs, at, nameEnd, name)) return pairs.slice(nameEnd + 1, valueEnd);
    at = valueEnd + 1;
  }
  return undefined;
}

function isNameAt(pairs: string, start: number, end: number, name: string): boolean {
  if (end - start === name.length) return pairs.startsWith(name, start);
  return name.length === 1 && end - start === 3 && pairs.startsWith(`{${name}}`, start);
}
