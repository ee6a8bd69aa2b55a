/** How the client reached the MTA. `unknown` also where the MTA shows an address that is none. */
export type ClientFamily = 'inet' | 'inet6' | 'unix' | 'unknown';

/** A client has connected. */
export interface ConnectEvent {
  /** Verified name, or `[address]`; the literal of Sendmail's IPv6 clients is `[IPv6:…]`. */
  readonly hostName: string;
  readonly family: ClientFamily;
  /** 0 for Unix sockets and for Postfix's local submissions. */
  readonly port: number;
  /**
   * Canonical text without Sendmail's `IPv6:` prefix, IPv4-mapped addresses as IPv4; the path for
   * `unix`; empty for `unknown`.
   */
  readonly address: string;
}

/** HELO or EHLO; nothing tells which. Comes again after STARTTLS, and never for some clients. */
export interface HeloEvent {
  /** The argument as typed. */
  readonly name: string;
}

/** MAIL or RCPT. */
export interface EnvelopeEvent {
  /**
   * As typed: usually in angle brackets; `<>`, or the empty string from Postfix's local
   * submission, for the null sender.
   */
  readonly address: string;
  /** ESMTP arguments as typed, `SIZE=1000`. */
  readonly args: readonly string[];
}

/** One header field. */
export interface HeaderEvent {
  readonly name: string;
  /** Continuation lines are joined by LF; one leading blank is gone unless `leadingSpace`. */
  readonly value: string;
}

/** A part of the body, cut anywhere. */
export interface BodyEvent {
  /** A view that is valid until the handler has answered. */
  readonly chunk: Buffer;
}

/** An SMTP command that the MTA does not know. */
export interface UnknownEvent {
  /** The whole line, or only its first word (Postfix before 3.9). */
  readonly line: string;
}

/** The MTA's opening offer. */
export interface Offer {
  readonly version: number;
  readonly actions: number;
  readonly steps: number;
}

/** Macros for the event to come. */
export interface MacroEvent {
  /** The command byte of that event; 0 if the packet is empty. */
  readonly command: number;
  /** `name NUL value NUL …`, one character a byte. */
  readonly pairs: string;
}

/** Nothing but the command itself. */
export type EmptyEvent = Readonly<Record<string, never>>;

/** What each command carries. */
export interface CommandEvents {
  readonly negotiate: Offer;
  readonly macro: MacroEvent;
  readonly connect: ConnectEvent;
  readonly helo: HeloEvent;
  readonly mail: EnvelopeEvent;
  readonly rcpt: EnvelopeEvent;
  readonly data: EmptyEvent;
  readonly header: HeaderEvent;
  readonly eoh: EmptyEvent;
  readonly body: BodyEvent;
  readonly eom: BodyEvent;
  readonly abort: EmptyEvent;
  readonly quit: EmptyEvent;
  readonly quitNc: EmptyEvent;
  readonly unknown: UnknownEvent;
}

/** Libmilter's names of everything an MTA may send. */
export type CommandName = keyof CommandEvents;

/** The commands that a filter may answer, or watch. */
export type EventName = Exclude<CommandName, 'negotiate' | 'macro' | 'abort' | 'quit' | 'quitNc'>;
