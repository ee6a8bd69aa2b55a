import type { MacroSource } from '../answers/macro-source.js';

/**
 * The subject of the client's certificate, where the MTA has verified one. Sendmail says OK in
 * `{verify}` for such; Postfix has no such macro, and tells the subject of no others.
 */
export function verifiedSubject(context: MacroSource): string | undefined {
  const verify = context.macro('{verify}');
  if (verify !== undefined && verify !== 'OK') return undefined;
  const subject = context.macro('{cert_subject}');
  return subject === '' ? undefined : subject;
}
