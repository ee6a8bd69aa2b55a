import type { HeaderText } from '../config/header-text.js';
import { renderHeaderTemplate } from '../greylist/header-template.js';
import type { HeaderValues } from '../greylist/header-template.js';
import { packageVersion } from './version.js';

/** What a message's header says, but for our version. */
export type DelayedHeaderValues = Omit<HeaderValues, 'version'>;

const version = packageVersion();

/** The header that tells of a delay: its name, and its value of one line. */
export function formatDelayedHeader(
  { name, value }: HeaderText,
  values: DelayedHeaderValues,
): readonly [name: string, value: string] {
  return [name, renderHeaderTemplate(value, { ...values, version })];
}
