import type { ReplyTextFault } from './faults.js';

/** A custom reply, as the SMTP client would see it. */
export interface CustomReplyText {
  /** 0 if there is none. */
  readonly code: number;
  /** The first line's, `4.7.1`. */
  readonly enhanced: string | undefined;
  /** The texts without their codes, `%%` undone. */
  readonly lines: readonly string[];
  readonly faults: readonly ReplyTextFault[];
}

const enhancedCode = /^[45]\.\d{1,3}\.\d{1,3}(?: |\r|\n|$)/;

/**
 * Reads the payload of a custom reply, one character a byte, by the one grammar that all MTAs take as
 * meant: `451-4.7.1 first CR LF 451 4.7.1 second NUL`. What breaks it is named, all of it, because
 * the MTAs differ in what they put up with.
 */
export function parseReplyText(payload: string): CustomReplyText {
  const nul = payload.indexOf('\0');
  const text = nul === -1 ? payload : payload.slice(0, nul);
  const rows = text.split(/\r?\n/);
  const code = /^[45]\d\d/.exec(text)?.[0];
  const faults: ReplyTextFault[] = [];
  if (nul === -1) faults.push('reply-nul-missing');
  else if (nul < payload.length - 1) faults.push('reply-nul-inside');
  if (code === undefined) faults.push('reply-code');
  else faults.push(...faultsOfRows(rows, code));
  if (text.replaceAll('%%', '').includes('%')) faults.push('reply-percent');
  if (/(?<!\r)\n/.test(text)) faults.push('reply-line-end');
  if (/[^\x20-\x7e\r\n]|\r(?!\n)/.test(text)) faults.push('reply-character');
  const enhanced = enhancedCode.exec(text.slice(4))?.[0].trimEnd();
  return {
    code: Number(code ?? 0),
    enhanced,
    lines: rows.map((row) => row.slice(4).replace(enhancedCode, '').replaceAll('%%', '%')),
    faults,
  };
}

function faultsOfRows(rows: readonly string[], code: string): ReplyTextFault[] {
  const faults = new Set<ReplyTextFault>();
  rows.forEach((row, index) => {
    const isLast = index === rows.length - 1;
    const mark = row.charAt(3);
    if (mark !== ' ' && mark !== '-') faults.add('reply-separator');
    else if (!row.startsWith(code) || mark !== (isLast ? ' ' : '-'))
      faults.add('reply-continuation');
    // Postfix takes any digit there for the class of an enhanced code.
    if (/^\d/.test(row.slice(4)) && row[4] !== code[0]) faults.add('reply-class');
  });
  return [...faults];
}
