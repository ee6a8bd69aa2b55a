import { commandTable, type CommandSpec } from '../commands.js';
import type { CommandEvents, CommandName, EventName } from '../events.js';
import { stepFlags } from '../flags.js';
import type { PacketOutput } from '../packet-output.js';
import type { MacroLists } from './agreement.js';
import { planMacros, usualValue, writeMacros, type MacroPlan, type MtaFacts } from './macros.js';
import type { MtaSessionOptions } from './mta-options.js';

/** Writes the packets of one session: events in the MTA's forms, and the macros for them. */
export class EventWriter {
  readonly facts: MtaFacts;
  readonly #output: PacketOutput;
  readonly #options: MtaSessionOptions;
  readonly #hasQueueId: () => boolean;
  #plan: MacroPlan = {};
  #messages = 0;

  /** @param hasQueueId whether the message has an id by now */
  constructor(output: PacketOutput, options: MtaSessionOptions, hasQueueId: () => boolean) {
    this.#output = output;
    this.#options = options;
    this.#hasQueueId = hasQueueId;
    this.facts = {
      mtaName: options.mtaName ?? 'mx.example',
      client: undefined,
      sender: '',
      recipient: '',
      refusal: undefined,
    };
  }

  /** Settles which macros are sent, once the filter has said what it wants. */
  planMacros(lists: MacroLists): void {
    this.#plan = planMacros(this.#options.profile, lists);
  }

  /** A new message has a new queue id. */
  newMessage(): void {
    this.#messages++;
  }

  /** @returns how long the packet is, without its length word */
  write<Name extends CommandName>(name: Name, event: CommandEvents[Name]): number {
    const row: CommandSpec<CommandEvents[Name]> = commandTable[name];
    this.#output.begin(row.byte);
    row.encode(event, this.#output, this.#options.profile.addressForm);
    this.#output.end();
    return this.#output.packetBytes;
  }

  /** The macros for an event; nothing where the MTA sends none. */
  writeMacros(event: EventName): void {
    const symbols = this.#plan[event];
    if (symbols !== undefined) writeMacros(this.#output, event, symbols, this.#valueOf);
  }

  /**
   * A header field's value as filters see it, from what stands behind the colon: lines joined by LF,
   * one leading blank gone unless agreed otherwise; Postfix cuts long ones, at a line if it can.
   */
  headerValue(name: string, value: string, steps: number): string {
    const joined = value.includes('\r') ? value.replaceAll('\r\n', '\n') : value;
    const keeps = (steps & stepFlags.leadingSpace) !== 0;
    const shown = joined.startsWith(' ') && !keeps ? joined.slice(1) : joined;
    const { cutsHeadersAt = Infinity } = this.#options.profile;
    const limit = cutsHeadersAt - name.length - 2;
    if (shown.length <= limit) return shown;
    const line = shown.lastIndexOf('\n', limit);
    return shown.slice(0, line > 0 ? line : limit);
  }

  readonly #valueOf = (symbol: string, event: EventName): string | undefined => {
    const { macros, profile } = this.#options;
    const isQueueId = symbol === 'i' || symbol === '{i}';
    if (isQueueId && !this.#hasQueueId()) return undefined;
    if (typeof macros === 'function') return macros(symbol, event);
    const given = macros?.[symbol];
    if (given !== undefined) return given;
    if (isQueueId) return String(this.#messages).padStart(10, '0');
    return usualValue(symbol, this.facts, profile);
  };
}
