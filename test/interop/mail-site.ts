import { join } from 'node:path';
import { startTestDaemon, type DaemonCleanUp, type TestDaemon } from '../support/daemon-harness.js';
import type { MtaInstance } from '../support/mta/instance.js';
import type { AnyMtaKind, MtaKind } from '../support/mta/availability.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { startPostfix, type PostfixOptions } from '../support/mta/postfix.js';
import { startSendmail, type SendmailOptions } from '../support/mta/sendmail.js';
import { connectSmtp, type OfferedMail, type SmtpClient } from '../support/smtp-client.js';
import { waitUntil } from '../support/wait-until.js';

/** How the MTA reaches the filter. */
export type Transport = 'unix' | 'tcp';

/** A client somewhere in the world; all are in networks of their own, but for `neighbour`. */
export type ClientName = 'first' | 'neighbour' | 'second';

const onLoopback = { first: '127.0.2.7', neighbour: '127.0.2.99', second: '127.0.3.8' };

/** Postfix believes XCLIENT; the others do not, but loopback has many addresses. */
const addresses: Readonly<Record<AnyMtaKind, Readonly<Record<ClientName, string>>>> = {
  postfix: { first: '203.0.113.7', neighbour: '203.0.113.99', second: '198.51.100.8' },
  sendmail: onLoopback,
  exim: onLoopback,
};

const GREYLIST_DELAY_MS = 180_000;

/** Greylisting as an administrator would have it, but nobody is trusted. */
const overrides = [
  'trusted=[]',
  'listen.socket.mode="0666"',
  'limits.drain=5s',
  'limits.answer=9s',
];

/** What a site is made of. */
export interface SiteOptions {
  readonly kind: MtaKind;
  readonly transport: Transport;
  readonly overrides?: readonly string[];
  /** All filters in their order, given ours; all in Sendmail's spelling. */
  readonly arrange?: (ours: string) => readonly string[];
  readonly tls?: boolean;
  readonly postfix?: Partial<PostfixOptions>;
  readonly sendmail?: Partial<SendmailOptions>;
}

/** A mail server with our filter in front of it, and a clock for the filter that the test moves. */
export class MailSite {
  readonly daemon: TestDaemon;
  readonly mta: MtaInstance;

  constructor(daemon: TestDaemon, mta: MtaInstance) {
    this.daemon = daemon;
    this.mta = mta;
  }

  /** The address that the filter sees. */
  addressOf(client: ClientName): string {
    return addresses[this.mta.kind][client];
  }

  /** An SMTP session up to and with the greeting; Postfix does not know the client's address yet. */
  connectSilently(client: ClientName = 'first'): Promise<SmtpClient> {
    const { host, port, kind } = this.mta;
    const localAddress = kind === 'postfix' ? undefined : this.addressOf(client);
    return connectSmtp({ host, port, localAddress });
  }

  /** An SMTP session of that client, up to and with EHLO. */
  async connect(client: ClientName = 'first'): Promise<SmtpClient> {
    const smtp = await this.connectSilently(client);
    await smtp.ehlo();
    if (this.mta.kind === 'postfix') {
      await smtp.xclient({
        ADDR: this.addressOf(client),
        NAME: `${client}.example`,
        REVERSE_NAME: `${client}.example`,
      });
      await smtp.ehlo();
    }
    return smtp;
  }

  /** A mail that is put off and comes back after the delay; the queue is emptied. */
  async makeKnown(mail: OfferedMail): Promise<void> {
    const smtp = await this.connect();
    await smtp.offer(mail);
    this.daemon.clock.advance(GREYLIST_DELAY_MS);
    const { data } = await smtp.offer(mail);
    if (data?.code !== 250) throw new Error(`refused: ${data?.lines.join('\n') ?? 'everybody'}`);
    await smtp.quit();
    await this.mta.flush();
    this.daemon.takeDecisions();
  }

  /** Waits until the MTA has left the filter. */
  async untilNobodyIsConnected(): Promise<void> {
    await waitUntil(() => this.daemon.daemon.connections === 0, 'the MTA has left the filter');
  }

  /** The only mail in the queue, which is emptied. */
  async takeMail(): Promise<{ readonly headers: string; readonly recipients: readonly string[] }> {
    const mails = await this.mta.queued();
    await this.mta.flush();
    const [mail] = mails;
    if (mail === undefined || mails.length > 1) throw new Error(`${mails.length} mails are queued`);
    return mail;
  }

  /** All X-Greylist headers of the only mail in the queue, which is emptied. */
  async takeHeaders(): Promise<readonly string[]> {
    const { headers } = await this.takeMail();
    return headers.split('\n').filter((line) => /^x-greylist:/i.test(line));
  }
}

/** Starts the filter, then the MTA; both stop with the test. */
export async function startSite(cleanUp: DaemonCleanUp, options: SiteOptions): Promise<MailSite> {
  const socketDirectory = createSocketDirectory({
    after: (remove) => cleanUp.after(() => Promise.resolve().then(remove)),
  });
  const daemon = await startTestDaemon(cleanUp, {
    overrides: [...overrides, ...(options.overrides ?? [])],
    listen: [
      options.transport === 'unix'
        ? `unix:${join(socketDirectory, 'milter.sock')}`
        : 'inet:0@127.0.0.1',
    ],
  });
  const mta = await startMta(daemon.addresses[0] ?? '', options);
  cleanUp.after(() => mta.stop());
  return new MailSite(daemon, mta);
}

function startMta(ours: string, options: SiteOptions): Promise<MtaInstance> {
  const { kind, arrange = () => [ours], tls = false, postfix, sendmail } = options;
  const milters = arrange(ours);
  if (kind === 'postfix') {
    return startPostfix({ milter: milters.map(inPostfixSpelling).join(', '), tls, ...postfix });
  }
  const [milter = '', ...furtherMilters] = milters;
  return startSendmail({ milter, furtherMilters, tls, ...sendmail });
}

/** `inet:10033@127.0.0.1` as Postfix has it. */
export function inPostfixSpelling(address: string): string {
  const inet = /^inet:(\d+)@(.*)$/.exec(address);
  return inet === null ? address : `inet:${inet[2] ?? ''}:${inet[1] ?? ''}`;
}
