import { BEYOND_ASCII, escapeUnits, HIDDEN } from '../mail/hidden-characters.js';

/**
 * How values from anywhere are made harmless. A quoted value is a JSON string in both formats, so
 * that every tool that reads logfmt or JSON gets back exactly what was meant.
 */

/** Printable ASCII without space, `"`, `=` and `\`: what logfmt takes without quotes. */
const BARE = /^[!#-<>-[\]-~]+$/;

/** The same, where words may follow each other: a message that could be mistaken for no field. */
const BARE_WORDS = /^[!#-<>-[\]-~]+(?: [!#-<>-[\]-~]+)*$/;

/** What JSON takes between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quote(value: string): string {
  return JSON.stringify(value).replace(HIDDEN, escapeUnits);
}

/** A value as it stands behind `key=` in a line of text: bare, or a JSON string. */
export function formatTextValue(value: string): string {
  return BARE.test(value) ? value : quote(value);
}

/** A sentence at the head of a line: as it is, or a JSON string if it could be taken for more. */
export function formatTextSentence(sentence: string): string {
  return BARE_WORDS.test(sentence) ? sentence : quote(sentence);
}

/** A JSON string in pure ASCII. */
export function formatJsonString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeUnits);
}

/**
 * Cuts what is longer than `maxChars`; `…` at the end shows it. Unbounded lines are a way to forge
 * one: journald begins a new line after 48 KiB.
 */
export function clip(value: string, maxChars: number): string {
  return value.length <= maxChars ? value : `${value.slice(0, maxChars)}…`;
}
