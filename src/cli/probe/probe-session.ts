import {
  commandTable,
  MilterProtocolError,
  mtaProfiles,
  MtaSession,
  type FilterReply,
  type MessageContent,
} from '../../protocols/milter/index.js';
import { openConnection, type ProbeConnection } from './probe-connection.js';
import type { ProbePlan } from './probe-plan.js';
import type {
  FoundFault,
  ProbeFailure,
  ProbeMoment,
  ProbeReport,
  ProbeStep,
  Silence,
} from './probe-report.js';

/** What a filter said to one event; the end of a message has more to it. */
type Answer = Partial<Pick<ProbeStep, 'at' | 'changes' | 'progress'>> & {
  readonly reply: FilterReply | undefined;
};

/** One event: what it is, how it is shown, and how it is sent. */
interface Question {
  readonly event: ProbeStep['event'];
  readonly shown: string;
  readonly ask: () => Promise<Answer>;
}

/** No answer, to none of the events of a message. */
const unheard = { event: undefined, reply: undefined };

/** How long a filter may take to close after QUIT; nothing depends on it. */
const farewellMs = 1000;

/** Plays the MTA to the end, or as far as the filter goes along. */
export async function runProbe(plan: ProbePlan): Promise<ProbeReport> {
  const connection = await openConnection(plan.filter, plan.timeoutMs);
  const nothing = { plan, agreement: undefined, steps: [], faults: [] };
  return 'kind' in connection
    ? { ...nothing, failure: connection }
    : await new Probe(plan, connection).run();
}

class Probe {
  readonly #plan: ProbePlan;
  readonly #connection: ProbeConnection;
  readonly #mta: MtaSession;
  readonly #steps: ProbeStep[] = [];
  readonly #faults: FoundFault[] = [];
  #moment: ProbeMoment = 'negotiate';

  constructor(plan: ProbePlan, connection: ProbeConnection) {
    this.#plan = plan;
    this.#connection = connection;
    this.#mta = new MtaSession(connection.socket, {
      profile: mtaProfiles[plan.as],
      macros: plan.macros,
      answerMs: plan.timeoutMs,
      // What the played MTA puts up with shall not hide what comes behind it.
      lenient: true,
      observe: (fault) => this.#found({ fault, event: this.#moment }),
    });
  }

  // A filter that does not stop talking has one fault, not thousands.
  #found({ fault, event }: FoundFault): void {
    const isKnown = this.#faults.some((known) => known.fault === fault && known.event === event);
    if (!isKnown) this.#faults.push({ fault, event });
  }

  async run(): Promise<ProbeReport> {
    const common = { plan: this.#plan, steps: this.#steps, faults: this.#faults };
    try {
      const agreement = await this.#mta.open();
      const failure = await this.#converse();
      return { ...common, agreement, failure };
    } catch (error) {
      return { ...common, agreement: undefined, failure: this.#failure(error) };
    }
  }

  async #converse(): Promise<ProbeFailure | undefined> {
    try {
      await this.#play();
      this.#moment = 'quit';
      const late = setTimeout(() => this.#connection.socket.destroy(), farewellMs);
      await this.#mta.quit().finally(() => clearTimeout(late));
      return undefined;
    } catch (error) {
      return this.#failure(error);
    }
  }

  async #play(): Promise<void> {
    const { client, helo, from, to, hasData } = this.#plan;
    const mta = this.#mta;
    const before = [
      question('connect', `${client.hostName} ${whereFrom(client)}`, () => mta.connect(client)),
      question('helo', helo, () => mta.helo(helo)),
      question('mail', from, () => mta.mail(from)),
    ];
    for (const each of before) if (!goesOn(await this.#ask(each))) return;
    let passing = 0;
    for (const recipient of to) {
      const answer = await this.#ask(question('rcpt', recipient, () => mta.rcpt(recipient)));
      // Both settle the whole message, and 421 the session.
      if (isFor(answer, 'accept') || isFor(answer, 'discard') || !mta.isOpen) return;
      if (goesOn(answer)) passing++;
    }
    if (!hasData || passing === 0) return;
    if (!goesOn(await this.#ask(question('data', '', () => mta.data())))) return;
    await this.#ask({
      event: 'message',
      shown: 'a small one',
      ask: async () => {
        const { event: at, ...answer } = (await mta.message(contentFor(this.#plan))) ?? unheard;
        return { ...answer, at };
      },
    });
  }

  async #ask({ event, shown, ask }: Question): Promise<ProbeStep['answer']> {
    this.#moment = event;
    const startedAt = performance.now();
    const { reply, at, changes = [], progress = 0 } = await ask();
    const tookMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const answer = reply ?? this.#silence(event);
    this.#steps.push({ event, shown, answer, at, changes, progress, tookMs });
    return answer;
  }

  #silence(event: ProbeStep['event']): Silence {
    if (event === 'message') return 'settled';
    const { version, steps } = this.#mta.agreement;
    const { since, suppress, noReply } = commandTable[event];
    // Postfix sends everything to a filter that answers a version below 2.
    const isKnown = version < 2 ? since <= 2 || this.#plan.as === 'postfix' : since <= version;
    if (!isKnown) return 'unknown';
    if ((steps & suppress) !== 0) return 'not-sent';
    return (steps & noReply) === 0 ? 'settled' : 'not-answered';
  }

  #wordsFor({ code, message }: MilterProtocolError): string {
    const said = this.#connection.greeting();
    if (said !== undefined) return `it says ${JSON.stringify(said)}: that is no filter`;
    // Such a service waits for the end of a line, as we wait for an answer.
    const isUnheard = this.#moment === 'negotiate' && code === 'MILTER_ANSWER_LATE';
    return isUnheard ? `${message}; a policy service does not answer what a milter does` : message;
  }

  #failure(error: unknown): ProbeFailure {
    if (!(error instanceof MilterProtocolError) || error.code === 'MILTER_INTERNAL') throw error;
    const message = this.#wordsFor(error);
    return { kind: 'broken', code: error.code, message, event: this.#moment };
  }
}

function question(
  event: ProbeStep['event'],
  shown: string,
  ask: () => Promise<FilterReply | undefined>,
): Question {
  return { event, shown, ask: async () => ({ reply: await ask() }) };
}

function whereFrom({ family, address, port }: ProbePlan['client']): string {
  return family === 'inet6' ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether the MTA would go on with this mail, or this recipient. */
function goesOn(answer: ProbeStep['answer']): boolean {
  if (typeof answer === 'string') return answer !== 'settled';
  return answer.kind === 'continue' || answer.kind === 'skip';
}

function isFor(answer: ProbeStep['answer'], kind: FilterReply['kind']): boolean {
  return typeof answer !== 'string' && answer.kind === kind;
}

function contentFor({ from, to }: ProbePlan): MessageContent {
  const headers = [
    ['From', ` ${from === '<>' ? '<postmaster@example.org>' : from}`],
    ['To', ` ${to.join(', ')}`],
    ['Subject', ' greymilter probe'],
    ['Date', ` ${new Date().toUTCString().replace('GMT', '+0000')}`],
    ['Message-ID', ` <${Date.now()}.probe@example.org>`],
  ] as const;
  return { headers, body: 'This message was never sent: it asks a filter what it would say.\r\n' };
}
