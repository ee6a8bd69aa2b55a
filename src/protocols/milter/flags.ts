/**
 * What a filter may change at the end of a message (`SMFIF_*`), the second word of a negotiation.
 */
export const actionFlags = {
  /** SMFIF_ADDHDRS; covers inserting as well. */
  addHeaders: 0x001,
  /** SMFIF_CHGBODY */
  changeBody: 0x002,
  /** SMFIF_ADDRCPT */
  addRecipients: 0x004,
  /** SMFIF_DELRCPT */
  deleteRecipients: 0x008,
  /** SMFIF_CHGHDRS; changing and deleting. Since version 2. */
  changeHeaders: 0x010,
  /** SMFIF_QUARANTINE. Since version 2. */
  quarantine: 0x020,
  /** SMFIF_CHGFROM. Since version 6. */
  changeSender: 0x040,
  /** SMFIF_ADDRCPT_PAR: recipients with ESMTP arguments. Since version 6. */
  addRecipientsWithArguments: 0x080,
  /** SMFIF_SETSYMLIST: the filter names the macros it wants. Since version 6. */
  requestMacros: 0x100,
} as const;

/** The name of something a filter may change. */
export type Action = keyof typeof actionFlags;

/**
 * What is sent and what is answered (`SMFIP_*`), the third word of a negotiation. In the MTA's
 * offer a bit is an ability, in the filter's answer a wish.
 */
export const stepFlags = {
  /** SMFIP_NOCONNECT */
  noConnect: 0x00000001,
  /** SMFIP_NOHELO */
  noHelo: 0x00000002,
  /** SMFIP_NOMAIL */
  noMail: 0x00000004,
  /** SMFIP_NORCPT */
  noRcpt: 0x00000008,
  /** SMFIP_NOBODY */
  noBody: 0x00000010,
  /** SMFIP_NOHDRS */
  noHeaders: 0x00000020,
  /** SMFIP_NOEOH */
  noEoh: 0x00000040,
  /** SMFIP_NR_HDR; between the NO* bits for history's sake. */
  noReplyHeader: 0x00000080,
  /** SMFIP_NOUNKNOWN */
  noUnknown: 0x00000100,
  /** SMFIP_NODATA */
  noData: 0x00000200,
  /** SMFIP_SKIP */
  skip: 0x00000400,
  /** SMFIP_RCPT_REJ: also the recipients that the MTA itself has refused. */
  rejectedRecipients: 0x00000800,
  /** SMFIP_NR_CONN */
  noReplyConnect: 0x00001000,
  /** SMFIP_NR_HELO */
  noReplyHelo: 0x00002000,
  /** SMFIP_NR_MAIL */
  noReplyMail: 0x00004000,
  /** SMFIP_NR_RCPT */
  noReplyRcpt: 0x00008000,
  /** SMFIP_NR_DATA */
  noReplyData: 0x00010000,
  /** SMFIP_NR_UNKN */
  noReplyUnknown: 0x00020000,
  /** SMFIP_NR_EOH */
  noReplyEoh: 0x00040000,
  /** SMFIP_NR_BODY */
  noReplyBody: 0x00080000,
  /** SMFIP_HDR_LEADSPC: header values keep, and are given with, their leading blank. */
  leadingSpace: 0x00100000,
} as const;

/** The versions this library speaks; 6 is the newest that exists. */
export const versions = { lowest: 2, highest: 6 } as const;

/**
 * Version 1's sets, which libmilter reads where a very old MTA offers 0 in the second or third
 * word.
 */
export const versionOneSets = { actions: 0x0f, steps: 0x3f } as const;
