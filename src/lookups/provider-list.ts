/** A large sender whose mail greylisting delays for hours, although it does come back. */
export interface Provider {
  readonly name: string;
  /** The domain that its customers include in their SPF, or its own. */
  readonly domain: string;
  readonly reason: ProviderReason;
  /** When it was put on the list, or last looked at: ISO 8601. */
  readonly date: string;
}

/** What is wrong with the way it comes back. */
export type ProviderReason =
  /** Each try may be from another network, so that each is a first one. */
  | 'pool'
  /** The same, and each mail has a sender of its own: nothing of it is ever known. */
  | 'pool, unique senders'
  /** The same, and it takes hours. */
  | 'pool, slow';

const date = '2026-11-28';

/**
 * Large senders that postmasters exempt by hand everywhere: each has been complained of to the makers of
 * other greylisters, for this reason; nobody gets here for being large. The domains are those that they
 * tell their customers to include. What is behind them is asked for at run time.
 */
export const providers: readonly Provider[] = [
  { name: 'Microsoft 365', domain: 'spf.protection.outlook.com', reason: 'pool, slow', date },
  { name: 'Outlook.com', domain: 'outlook.com', reason: 'pool, slow', date },
  { name: 'Google', domain: '_spf.google.com', reason: 'pool', date },
  { name: 'Amazon SES', domain: 'amazonses.com', reason: 'pool, unique senders', date },
  { name: 'Mailchimp', domain: 'servers.mcsv.net', reason: 'pool', date },
  { name: 'Mandrill', domain: 'spf.mandrillapp.com', reason: 'pool', date },
  { name: 'SendGrid', domain: 'sendgrid.net', reason: 'pool', date },
  { name: 'Mailgun', domain: 'mailgun.org', reason: 'pool', date },
  { name: 'SparkPost', domain: '_netblocks.sparkpostmail.com', reason: 'pool', date },
  { name: 'SMTP2GO', domain: 'spf.smtp2go.com', reason: 'pool', date },
  { name: 'Mimecast', domain: '_netblocks.mimecast.com', reason: 'pool', date },
  { name: 'Barracuda', domain: 'spf.ess.barracudanetworks.com', reason: 'pool', date },
  { name: 'iCloud', domain: 'icloud.com', reason: 'pool', date },
  { name: 'Proton', domain: '_spf.protonmail.ch', reason: 'pool', date },
  { name: 'Infomaniak', domain: 'spf.infomaniak.ch', reason: 'pool', date },
];
