import type { EventName } from '../../../../src/protocols/milter/events.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import * as build from '../../../support/packet-builder.js';
import type { Answer } from './filter-harness.js';

const { connect, macros, packet } = build;

/** The packets of a session, by their letters. */
export const O = build.offer();
export const C = connect('mx.example', '192.0.2.7');
export const H = build.helo('client');
export const M = build.mail('<a@b>');
export const R = build.rcpt('<u@v>');
export const T = build.data();
export const L = build.header('X', 'v');
export const N = build.eoh();
export const B = build.body('text');
export const E = build.eom();
export const A = build.abort();
export const U = build.unknown('FOO');
export const Q = build.quit();
export const K = build.quitNc();

const connected = 'connect mx.example inet 49740 192.0.2.7';
const start = ['open 1', connected, 'helo client'];
const message = ['mail <a@b>', 'rcpt <u@v>'];

/** Answers these kinds, one after the other, to one event, and `continue` to all else. */
export function answering(event: EventName, ...kinds: readonly Reply[]): () => Answer {
  return () => {
    const left = [...kinds];
    return (name) => (name === event ? left.shift() : undefined) ?? replies.continue;
  };
}

/** What an MTA sends, what it is answered, and what the filter is called with. */
export interface Dialogue {
  readonly name: string;
  /** Creates what answers the events; without it all are answered `continue`. */
  readonly answer?: () => Answer;
  readonly send: readonly Buffer[];
  /** The letters of all answers. */
  readonly answers: string;
  /** What the filter is called with, from HELO on where a HELO comes first. */
  readonly calls: readonly string[];
  readonly incidents?: readonly string[];
}

export const dialogues: readonly Dialogue[] = [
  {
    name: 'a whole session',
    send: [O, C, H, M, R, T, L, N, B, E, Q],
    answers: 'Occccccccc',
    calls: [...start, ...message, 'data', 'header X v', 'eoh', 'body text', 'eom', 'close 1'],
  },
  {
    name: 'MAIL directly after CONNECT (client without HELO)',
    send: [O, C, M, R, Q],
    answers: 'Occc',
    calls: ['open 1', connected, ...message, 'abort 1', 'close 1'],
  },
  {
    name: 'MAIL after the end of a message, with nothing between (Sendmail)',
    send: [O, C, H, M, R, E, M, R, E],
    answers: 'Occcccccc',
    calls: [...start, ...message, 'eom', ...message, 'eom'],
  },
  {
    name: 'ABORT after the end of a message is no failed message (Postfix)',
    send: [O, C, H, M, R, E, A, M, R, E, A, A, Q],
    answers: 'Occcccccc',
    calls: [...start, ...message, 'eom', ...message, 'eom', 'close 1'],
  },
  {
    name: 'MAIL after MAIL without ABORT ends the message before (Sendmail with NR_MAIL)',
    send: [O, C, H, M, R, M, R],
    answers: 'Occcccc',
    calls: [...start, ...message, 'abort 1', ...message],
  },
  {
    name: 'MAIL after a MAIL that was refused',
    answer: answering('mail', replies.tempfail),
    send: [O, C, H, M, M, R],
    answers: 'Occtcc',
    calls: [...start, 'mail <a@b>', ...message],
  },
  {
    name: 'RCPT that is refused ends that recipient only',
    answer: answering('rcpt', replies.reject, replies.tempfail, replies.continue),
    send: [O, C, H, M, R, R, R, T, E],
    answers: 'Occcrtccc',
    calls: [...start, ...message, 'rcpt <u@v>', 'rcpt <u@v>', 'data', 'eom'],
  },
  {
    name: 'DATA comes again after a refusal, and more RCPT before it',
    answer: answering('data', replies.tempfail, replies.reject),
    send: [O, C, H, M, R, T, R, T, T, E],
    answers: 'Occcctcrcc',
    calls: [...start, ...message, 'data', 'rcpt <u@v>', 'data', 'data', 'eom'],
  },
  {
    name: 'HELO inside a message ends it, and the name that it brings stays',
    send: [O, C, H, M, R, build.helo('second'), A, A, M],
    answers: 'Occcccc',
    calls: [...start, ...message, 'abort 1', 'helo second', 'mail <a@b>'],
  },
  {
    name: 'HELO again between messages (STARTTLS)',
    send: [O, C, H, A, H, M],
    answers: 'Occcc',
    calls: [...start, 'helo client', 'mail <a@b>'],
  },
  {
    name: 'ABORT when nothing is in progress, doubled, and before QUIT',
    send: [O, A, C, A, A, H, A, A, Q],
    answers: 'Occ',
    calls: [...start, 'close 1'],
  },
  {
    name: 'a doubled ABORT ends a message once',
    send: [O, C, H, M, A, A, M],
    answers: 'Occcc',
    calls: [...start, 'mail <a@b>', 'abort 1', 'mail <a@b>'],
  },
  {
    name: 'unknown commands at any time after CONNECT',
    send: [O, C, U, H, U, M, U, R, E, U],
    answers: 'Occccccccc',
    calls: [
      'open 1',
      connected,
      'unknown FOO',
      'helo client',
      'unknown FOO',
      'mail <a@b>',
      'unknown FOO',
      'rcpt <u@v>',
      'eom',
      'unknown FOO',
    ],
  },
  {
    name: 'macros for events that never come',
    send: [O, macros('C'), macros('H'), C, macros('R', { i: '1' }), macros('T'), H],
    answers: 'Occ',
    calls: start,
  },
  {
    name: 'what is out of order is answered "continue" and changes nothing',
    send: [O, H, M, R, U, E, C, R, T, L, N, B, E, M, R],
    answers: 'Occcccccccccccc',
    calls: ['open 1', connected, ...message],
    incidents: [
      'out-of-order helo',
      'out-of-order mail',
      'out-of-order rcpt',
      'out-of-order unknown',
      'out-of-order eom',
      'out-of-order rcpt',
      'out-of-order data',
      'out-of-order header',
      'out-of-order eoh',
      'out-of-order body',
      'out-of-order eom',
    ],
  },
  {
    name: 'QUIT_NC: the same connection, a new session',
    send: [O, C, H, M, K, C, H, K, K, C, Q],
    answers: 'Occcccc',
    calls: [
      ...start,
      'mail <a@b>',
      'abort 1',
      'close 1',
      'open 2',
      connected,
      'helo client',
      'close 2',
      'open 3',
      connected,
      'close 3',
    ],
  },
  {
    name: 'CONNECT again resets all but the negotiation',
    send: [O, C, C, M, C],
    answers: 'Occcc',
    calls: [
      'open 1',
      connected,
      'close 1',
      'open 2',
      connected,
      'mail <a@b>',
      'abort 2',
      'close 2',
      'open 3',
      connected,
    ],
  },
  {
    name: 'accept at CONNECT ends all events of the session',
    answer: answering('connect', replies.accept),
    send: [O, C, H, A, M, Q],
    answers: 'Oacc',
    calls: ['open 1', connected, 'close 1'],
    incidents: ['out-of-order helo', 'out-of-order mail'],
  },
  {
    name: 'accept at HELO ends all events of the session, a refusal does not',
    answer: answering('helo', replies.tempfail, replies.accept),
    send: [O, C, H, H, M],
    answers: 'Octac',
    calls: [...start, 'helo client'],
    incidents: ['out-of-order mail'],
  },
  {
    name: 'after a session that is over QUIT_NC starts a new one',
    answer: answering('connect', replies.accept),
    send: [O, C, K, C, M],
    answers: 'Oacc',
    calls: ['open 1', connected, 'close 1', 'open 2', connected, 'mail <a@b>'],
  },
  {
    name: 'accept at RCPT ends the message for all its recipients',
    answer: answering('rcpt', replies.accept),
    send: [O, C, H, M, R, A, M, R],
    answers: 'Occcacc',
    calls: [...start, ...message, ...message],
  },
  {
    name: 'discard at RCPT ends the message; the ABORT that Sendmail sends is no failed one',
    answer: answering('rcpt', replies.discard),
    send: [O, C, H, M, R, A, Q],
    answers: 'Occcd',
    calls: [...start, ...message, 'close 1'],
  },
  {
    name: 'a verdict at the header ends the message',
    answer: answering('header', replies.reject),
    send: [O, C, H, M, R, T, L, M],
    answers: 'Occcccrc',
    calls: [...start, ...message, 'data', 'header X v', 'mail <a@b>'],
  },
  {
    name: 'skip at BODY where it was agreed on',
    answer: answering('body', replies.skip),
    send: [O, C, H, M, R, B, E],
    answers: 'Occccsc',
    calls: [...start, ...message, 'body text', 'eom'],
  },
  {
    name: 'skip is "continue" where it was not offered',
    answer: answering('body', replies.skip),
    send: [build.offer(6, 0x1ff, 0x1ffbff), C, H, M, R, B, E],
    answers: 'Occcccc',
    calls: [...start, ...message, 'body text', 'eom'],
  },
  {
    name: 'an empty MAIL is the null sender',
    send: [O, C, packet('M'), packet('M', '\0')],
    answers: 'Occc',
    calls: ['open 1', connected, 'mail', 'abort 1', 'mail'],
  },
  {
    name: 'an empty CONNECT is a client that nobody knows',
    send: [O, packet('C'), H],
    answers: 'Occ',
    calls: ['open 1', 'connect  unknown 0', 'helo client'],
  },
  {
    name: 'other empty payloads where a string is needed are answered, and not handled',
    send: [O, C, packet('H'), M, packet('R'), packet('L'), packet('U'), R],
    answers: 'Occccccc',
    calls: ['open 1', connected, ...message],
    incidents: ['malformed helo', 'malformed rcpt', 'malformed header', 'malformed unknown'],
  },
  {
    name: 'a header without a value is one with an empty value',
    send: [O, C, M, packet('L', 'X\0')],
    answers: 'Occc',
    calls: ['open 1', connected, 'mail <a@b>', 'header X'],
  },
  {
    name: 'macros of unknown stages are counted, and do not end the session',
    send: [O, macros('z', { i: '1' }), packet('D'), C],
    answers: 'Oc',
    calls: ['open 1', connected],
    incidents: ['macros-dropped macro', 'macros-dropped macro'],
  },
  {
    name: 'the connection ends inside a message',
    send: [O, C, H, M, Q],
    answers: 'Occc',
    calls: [...start, 'mail <a@b>', 'abort 1', 'close 1'],
  },
  {
    name: 'QUIT before anything else',
    send: [Q],
    answers: '',
    calls: [],
  },
];
