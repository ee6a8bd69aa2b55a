import type { dkimVerify as verifyDkim } from 'mailauth/lib/dkim/verify.js';
import type { spfVerify as verifySpf } from 'mailauth/lib/spf/spf-verify.js';

/*
 * The parts of mailauth that are used, each loaded when somebody asks for it: that takes a tenth of a
 * second, and its checks of DKIM need more libraries than those of SPF.
 */

/** What checks a policy of SPF. */
export async function loadSpfVerify(): Promise<typeof verifySpf> {
  const { spfVerify } = await import('mailauth/lib/spf/spf-verify.js');
  return spfVerify;
}

/** What checks a message's signatures. */
export async function loadDkimVerify(): Promise<typeof verifyDkim> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
  return dkimVerify;
}
