/**
 * The names of the rules that stand for Postgrey's whitelists; a recipient that one of them lets pass
 * is logged as Postgrey logs it.
 */
export const whitelistRules = {
  clients: 'client whitelist',
  recipients: 'recipient whitelist',
} as const;
