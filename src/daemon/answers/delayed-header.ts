import type { HeaderText } from '../../config/header-text.js';
import type { Config } from '../../config/schema.js';
import { renderHeaderTemplate } from '../../greylist/header-template.js';
import type { HeaderValues } from '../../greylist/header-template.js';
import { milterGreylistReasons } from '../../greylist/milter-greylist-reasons.js';
import type { Ruling } from '../../rules/rule.js';
import { particularsOf } from './particulars.js';
import type { Transaction } from './transaction.js';
import { packageVersion } from '../process/version.js';

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

/** Whether a message that somebody gets has the header. */
export function wantsHeader(
  header: Config['greylist']['header'],
  delayedMs: number | undefined,
): boolean {
  if (header === 'always' || header === 'never') return header === 'always';
  return (header === 'delayed') === (delayedMs !== undefined);
}

/**
 * Why a message was not delayed, in milter-greylist's words: what let its last recipient pass, and the
 * rule that has let it pass as a whole.
 */
export function headerReasons(
  { lastPassed }: Pick<Transaction, 'lastPassed'>,
  ruling: Ruling | undefined,
): string {
  const ofMessage =
    ruling?.action === 'accept' && ruling.rule !== undefined
      ? [{ reason: 'rule', rule: ruling.rule.name, particulars: particularsOf(ruling) } as const]
      : [];
  return milterGreylistReasons([...(lastPassed === undefined ? [] : [lastPassed]), ...ofMessage]);
}
