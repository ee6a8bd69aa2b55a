import type { EnvelopeAddress } from '../mail/envelope-address.js';
import type { Attempt } from './attempt.js';

/** What any text of ours may show of an attempt, a decision, and what rules have found. */
export interface TemplateContext {
  readonly attempt: Attempt;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The time zone of local times, as `Intl` knows it: asked for by a text that shows one. */
  readonly timeZone: () => string;
  /** Of this program. */
  readonly version: string;
  /** This machine's name, where the MTA does not tell its own. */
  readonly host: string;
  /** The sender in the spelling that the triplets have. */
  readonly tripletSender?: string | undefined;
  /** The value of a macro, `j` or `{client_addr}`; undefined if the MTA has not sent it. */
  macro(symbol: string): string | undefined;
  /** What conditions have found: `dnsbl`, `spf`, `country` and their like. */
  readonly found?: ReadonlyMap<string, string> | undefined;
  /** What rules and lookups have set, by names in lower case; the newest value last. */
  readonly properties?: ReadonlyMap<string, readonly string[]> | undefined;
  /** What the groups of patterns have caught, those of the last pattern first. */
  groups?(): readonly string[];
  readonly rule?: { readonly name: string; readonly line: number | undefined } | undefined;
  /** How long the client has waited, and has to wait yet. */
  readonly elapsedMs?: number | undefined;
  readonly remainingMs?: number | undefined;
  readonly decision?: { readonly verdict: string; readonly reason: string } | undefined;
  /** What the client is told, and the header says. */
  readonly reply?:
    | {
        readonly code?: number | undefined;
        readonly enhanced?: string | undefined;
        readonly text?: string | undefined;
        readonly report?: string | undefined;
      }
    | undefined;
}

/** What holds for all texts of one configuration. */
export interface TextSurroundings extends Pick<TemplateContext, 'timeZone' | 'version' | 'host'> {
  /** A sender in the spelling that the triplets have. */
  spellSender(sender: EnvelopeAddress): string;
}
