import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { skipWithout, type MtaKind } from '../support/mta/availability.js';
import { startSite, type MailSite, type SiteOptions } from './mail-site.js';

/** What the tests of a suite share. */
export interface SharedSite {
  readonly kind: MtaKind;
  /** The mail server; only while a test runs. */
  readonly site: MailSite;
  /** A mailbox that no other test of the suite has used; the name stands in its extension. */
  readonly mailbox: (name?: string) => string;
}

/** A suite for each MTA, or for those that are named; all tests of a suite use one mail server. */
export function describeSites(
  { kinds = ['postfix', 'sendmail'], ...options }: SharedSiteOptions,
  define: (shared: SharedSite) => void,
): void {
  for (const kind of kinds) {
    describe(kind, { skip: skipWithout(kind) }, () => {
      define(shareSite({ transport: 'unix', ...options, kind }));
    });
  }
}

/** How the shared mail servers are set up. */
export interface SharedSiteOptions extends Omit<SiteOptions, 'kind' | 'transport'> {
  readonly kinds?: readonly MtaKind[];
}

function shareSite(options: SiteOptions): SharedSite {
  let site: MailSite | undefined;
  let mailboxes = 0;
  const cleanUps: (() => Promise<void>)[] = [];
  before(async () => {
    site = await startSite({ after: (stop) => cleanUps.unshift(stop) }, options);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });
  beforeEach(() => {
    site?.daemon.takeDecisions();
  });
  // Whoever logged a warning is the test that has just ended.
  afterEach(() => {
    site?.daemon.logger.assertQuiet();
  });
  return {
    kind: options.kind,
    get site() {
      if (site === undefined) throw new Error('the mail server has not started');
      return site;
    },
    mailbox: (name = 'x') => `user1+${name}${++mailboxes}@local.test`,
  };
}
