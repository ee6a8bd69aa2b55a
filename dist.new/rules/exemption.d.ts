import type { Parsed } from '../config/parsed.js';
import type { Attempt } from '../greylist/attempt.js';
import { type Network } from '../mail/network.js';
/** Why an attempt is never greylisted, whatever the rules say. */
export type Exemption = SettableExemption | 'trusted';
/** Those that a setting turns on and off, in the order in which they are looked at. */
export declare const EXEMPTIONS: readonly ["authenticated", "tls", "local", "access-map"];
export type SettableExemption = (typeof EXEMPTIONS)[number];
/** What holds unless somebody says otherwise. */
export declare const usuallyExempt: readonly SettableExemption[];
/** Reads the name of an exemption that a setting turns on. */
export declare function parseExemption(text: string): Parsed<SettableExemption>;
/**
 * Looks whether an attempt passes without a rule: our own users, mail that was submitted on this
 * machine, what the access map lets pass by the macro `{greylist}`, clients with a certificate, and
 * networks that are trusted.
 *
 * @param exempt which of those that can be turned on are
 * @returns undefined if it is to be judged
 */
export declare function exemptionOf(attempt: Attempt, trusted: readonly Network[], exempt?: readonly SettableExemption[]): Exemption | undefined;
