import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { encodeXtext, parseReply, stuffDots, type SmtpReply } from './smtp-text.js';

export type { SmtpReply } from './smtp-text.js';

export interface SmtpConnection {
  readonly host: string;
  readonly port: number;
  /** The client's own address, such as `127.0.0.2`. */
  readonly localAddress?: string | undefined;
  /** How long one reply may take before the test fails. */
  readonly timeoutMs?: number;
}

/** A mail to offer; addresses without angle brackets, the null sender being empty. */
export interface OfferedMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Headers, an empty line, body; lines may end in `\n`. */
  readonly message?: string;
}

/** What the MTA said to each step of a mail. */
export interface MailReplies {
  readonly mail: SmtpReply;
  /** One for each recipient; empty if MAIL was refused. */
  readonly recipients: readonly SmtpReply[];
  /** To DATA, if that was refused, or else to the message; absent if nobody was accepted. */
  readonly data: SmtpReply | undefined;
}

export const plainMessage =
  'From: Sender <sender@client.example>\nTo: user1@local.test\nSubject: test\n' +
  'Date: Tue, 01 Jan 2030 00:00:00 +0000\nMessage-ID: <1@client.example>\n\nHello.\n';

const DEFAULT_TIMEOUT_MS = 60_000;

/** Connects and resolves once the MTA has greeted; any greeting will do, see `greeting`. */
export async function connectSmtp(options: SmtpConnection): Promise<SmtpClient> {
  const { host, port, localAddress } = options;
  const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
  socket.setNoDelay(true);
  return openSmtp(socket, options.timeoutMs);
}

/** The same over the standard input and output of an MTA that speaks SMTP there. */
export async function openSmtp(
  stream: Duplex,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<SmtpClient> {
  const client = new SmtpClient(stream, timeoutMs);
  await client.readGreeting();
  return client;
}

/**
 * The client of an SMTP session. Each command waits for its reply, as Sendmail 8.18 demands at EHLO
 * and DATA; a reply is returned whatever its code, and only a lost connection or a missing reply
 * rejects.
 */
export class SmtpClient {
  #socket: Duplex;
  readonly #timeoutMs: number;
  #received = '';
  #ended: Error | undefined;
  #wake: (() => void) | undefined;
  #greeting: SmtpReply | undefined;

  constructor(socket: Duplex, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#hear(socket);
  }

  /** What the MTA said first; after `xclient` its new greeting. */
  get greeting(): SmtpReply {
    if (this.#greeting === undefined) throw new Error('the MTA has not greeted yet');
    return this.#greeting;
  }

  async readGreeting(): Promise<SmtpReply> {
    this.#greeting = await this.reply();
    return this.#greeting;
  }

  /** Sends one line and waits for the reply to it. */
  async command(line: string): Promise<SmtpReply> {
    this.send(`${line}\r\n`);
    return this.reply(line);
  }

  /** Sends text as it is; for pipelining, together with `reply`. */
  send(text: string): void {
    this.#socket.write(text);
  }

  /** Waits for the next reply. */
  async reply(to = 'the last command'): Promise<SmtpReply> {
    const deadline = performance.now() + this.#timeoutMs;
    for (;;) {
      const parsed = parseReply(this.#received);
      if (parsed !== undefined) {
        this.#received = parsed.rest;
        return parsed.reply;
      }
      if (this.#ended !== undefined)
        throw new Error(`no reply to ${to}: ${this.#ended.message}`, { cause: this.#ended });
      await this.#more(deadline, to);
    }
  }

  helo(name = 'client.example'): Promise<SmtpReply> {
    return this.command(`HELO ${name}`);
  }

  ehlo(name = 'client.example'): Promise<SmtpReply> {
    return this.command(`EHLO ${name}`);
  }

  /**
   * Postfix: takes another client's place. Use it after EHLO, once per connection, and say EHLO
   * again; an IPv6 address is written `IPV6:2001:db8::7`, a missing name `[UNAVAILABLE]`.
   */
  async xclient(attributes: Readonly<Record<string, string>>): Promise<SmtpReply> {
    const pairs = Object.entries(attributes).map(
      ([name, value]) => `${name}=${encodeXtext(value)}`,
    );
    this.#greeting = await this.command(`XCLIENT ${pairs.join(' ')}`);
    return this.#greeting;
  }

  authPlain(user: string, password: string): Promise<SmtpReply> {
    const response = Buffer.from(`\0${user}\0${password}`).toString('base64');
    return this.command(`AUTH PLAIN ${response}`);
  }

  /**
   * Goes on encrypted, whatever certificate the MTA has; say EHLO again.
   *
   * @param own the client's certificate and key in PEM, if it has one
   */
  async startTls(own: { readonly cert?: string; readonly key?: string } = {}): Promise<void> {
    const { code, text } = await this.command('STARTTLS');
    if (code !== 220) throw new Error(`STARTTLS was refused: ${code} ${text}`);
    this.#socket.removeAllListeners('data');
    const secure = connectTls({ ...own, socket: this.#socket, rejectUnauthorized: false });
    this.#hear(secure);
    await once(secure, 'secureConnect', { signal: AbortSignal.timeout(this.#timeoutMs) });
    this.#socket = secure;
  }

  /** `parameters` follow the address: `SIZE=1000 BODY=8BITMIME`. */
  mail(sender: string, parameters = ''): Promise<SmtpReply> {
    return this.command(`MAIL FROM:<${sender}> ${parameters}`.trimEnd());
  }

  rcpt(recipient: string, parameters = ''): Promise<SmtpReply> {
    return this.command(`RCPT TO:<${recipient}> ${parameters}`.trimEnd());
  }

  /** DATA and the message; the reply is the one to DATA if that was refused. */
  async data(message = plainMessage): Promise<SmtpReply> {
    const reply = await this.command('DATA');
    if (reply.code !== 354) return reply;
    this.send(stuffDots(message));
    return this.reply('the message');
  }

  rset(): Promise<SmtpReply> {
    return this.command('RSET');
  }

  /** One mail from MAIL to its end; goes on to DATA if any recipient was accepted, else resets. */
  async offer({ sender, recipients, message }: OfferedMail): Promise<MailReplies> {
    const mail = await this.mail(sender);
    const replies: SmtpReply[] = [];
    if (mail.code === 250)
      for (const recipient of recipients) replies.push(await this.rcpt(recipient));
    const accepted = replies.some(({ code }) => code === 250);
    const data = accepted ? await this.data(message) : undefined;
    if (data?.code !== 250) await this.rset();
    return { mail, recipients: replies, data };
  }

  /** Says QUIT and resolves once the MTA has closed. */
  async quit(): Promise<SmtpReply> {
    const reply = await this.command('QUIT');
    const deadline = performance.now() + this.#timeoutMs;
    while (this.#ended === undefined) await this.#more(deadline, 'QUIT (closing)');
    return reply;
  }

  /** Breaks the connection off without a word. */
  drop(): void {
    this.#socket.destroy();
  }

  #hear(socket: Duplex): void {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake?.();
    });
    socket.on('error', (error) => {
      this.#end(error);
    });
    socket.on('close', () => {
      this.#end(new Error('the MTA has closed the SMTP connection'));
    });
  }

  async #more(deadline: number, to: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(
        () => {
          reject(new Error(`no reply to ${to} within ${this.#timeoutMs} ms`));
        },
        Math.max(0, deadline - performance.now()),
      );
    }).finally(() => {
      clearTimeout(timer);
      this.#wake = undefined;
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake?.();
  }
}
