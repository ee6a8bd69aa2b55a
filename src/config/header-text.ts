import { parseHeaderTemplate } from '../greylist/header-template.js';
import type { HeaderTemplate } from '../greylist/header-template.js';
import type { Parsed } from './parsed.js';
import { parseHeaderName } from './rule-values.js';

/** The header that tells of a delay. */
export interface HeaderText {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  readonly value: HeaderTemplate;
}

/** Reads a header field as it stands in a mail, with placeholders in its value. */
export function parseHeaderText(text: string): Parsed<HeaderText> {
  const [, written, rest] = /^([^:]*): *(.*)$/s.exec(text) ?? [];
  if (written === undefined || rest === undefined) {
    return { problem: 'has no colon', hint: 'write a name, a colon and a value' };
  }
  const name = parseHeaderName(written);
  if ('problem' in name) return name;
  const value = parseHeaderTemplate(rest);
  return 'problem' in value ? value : { ok: { text, name: name.ok, value: value.ok } };
}
