import type { WrittenRule } from '../config/rules-section.js';
/**
 * Whether a rule that answers before MAIL turns users away who would log in next. It does where all
 * that it tests is as true of them: that addresses of their network are in DNS lists and have
 * generated names, that they come from a country. Somebody's address, name or HELO is written down
 * about somebody; and a macro tells the MTA's listeners apart.
 */
export declare function meetsRoamingUsers(rule: WrittenRule): boolean;
