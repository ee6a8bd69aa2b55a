/**
 * What a terminal, a pager or a splitter of lines could act upon, or a reader could not see. It is
 * everything but letters, marks, numbers, punctuation, symbols and the plain space: controls (C0,
 * DEL, C1), line and paragraph separators, other spaces, format characters (bidirectional
 * overrides, zero widths), surrogates, private use, what Unicode has not assigned yet; and of the
 * former those that are shown as nothing, such as the Hangul fillers.
 */
export const HIDDEN = /[^ \p{L}\p{M}\p{N}\p{P}\p{S}]|\p{Default_Ignorable_Code_Point}/gu;

/** All but printable US-ASCII; of what lies beyond the basic plane both halves, as JSON wants them. */
export const BEYOND_ASCII = /[^ -~]/g;

/** Characters in JSON's way: `\u` and four digits for each UTF-16 unit. */
export function escapeUnits(characters: string): string {
  let escaped = '';
  for (let i = 0; i < characters.length; i++) {
    escaped += `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
