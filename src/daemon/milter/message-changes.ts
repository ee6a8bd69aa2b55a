import { renderHeaderTemplate } from '../../greylist/header-template.js';
import type { TemplateContext } from '../../greylist/template-context.js';
import { renderLineTemplate, renderPlainTemplate } from '../../greylist/text-template.js';
import type { LineTemplate, PlainTemplate } from '../../greylist/text-template.js';
import type { EndOfMessageContext } from '../../protocols/milter/index.js';
import type { HeaderField, Ruling } from '../../rules/rule.js';
import { headerReasons, wantsHeader } from '../answers/delayed-header.js';
import { withFooter } from './footer.js';
import { KeptBody } from '../answers/kept-body.js';
import type { Policy } from '../policy/policy.js';
import type { Recipient } from '../answers/recipient-judge.js';
import { textContext } from '../answers/text-context.js';
import type { Transaction } from '../answers/transaction.js';

/** A message that passes, and what is known of it. */
export interface PassingMessage {
  readonly transaction: Transaction;
  /** What `message-rules` say of it. */
  readonly ruling: Ruling | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Something with what its texts show. */
interface Wanted<T> {
  readonly what: T;
  readonly texts: TemplateContext;
}

/** Changes a message that passes: its header, its subject, its body. */
export class MessageChanges {
  readonly #policy: Policy;
  readonly #message: PassingMessage;
  readonly #context: EndOfMessageContext;
  readonly #cannot: (what: string) => void;

  /** @param cannot hears of what the MTA does not let us do */
  constructor(
    policy: Policy,
    message: PassingMessage,
    context: EndOfMessageContext,
    cannot: (what: string) => void,
  ) {
    this.#policy = policy;
    this.#message = message;
    this.#context = context;
    this.#cannot = cannot;
  }

  apply(): void {
    const { ruling, transaction } = this.#message;
    const { passed } = transaction;
    const [first] = passed;
    if (first === undefined) return;
    const ofMessage = { attempt: first.attempt, ruling };
    this.#addHeaders(ofMessage);
    const tag = this.#lastOf(({ subjectTag }) => subjectTag, ofMessage);
    if (tag !== undefined) this.#tagSubject(renderLineTemplate(tag.what, tag.texts));
    const footer = this.#lastOf(({ footer: text }) => text, ofMessage);
    if (footer !== undefined) this.#addFooter(footer);
  }

  #addHeaders(ofMessage: Pick<Recipient, 'attempt' | 'ruling'>): void {
    const context = this.#context;
    const report = this.#report(ofMessage);
    const fields = this.#wantedFields(ofMessage);
    if (report === undefined && fields.length === 0) return;
    if (!context.may('addHeaders')) return;
    if (report !== undefined) context.addHeader(...report);
    for (const { name, value, at } of fields) {
      if (at === undefined) context.addHeader(name, value);
      else context.insertHeader(at, name, value);
    }
  }

  /** The header that tells of a delay, if it is to be there. */
  #report(
    ofMessage: Pick<Recipient, 'attempt' | 'ruling'>,
  ): readonly [name: string, value: string] | undefined {
    const { header, headerText } = this.#policy;
    const { transaction, ruling } = this.#message;
    const { delayedMs } = transaction;
    if (!wantsHeader(header, delayedMs)) return undefined;
    const report = this.#lastOf((settings) => settings.report, ofMessage);
    if (report !== undefined)
      return [headerText.name, renderLineTemplate(report.what, report.texts)];
    const context = this.#textsOf(ofMessage);
    const { now, version } = context;
    const host = context.macro('j') ?? context.host;
    const reasons = headerReasons(transaction, ruling);
    const values = { delayedMs, host, version, now, reasons, context };
    return [headerText.name, renderHeaderTemplate(headerText.value, values)];
  }

  /** Those of all recipients and of the message, each once. */
  #wantedFields(
    ofMessage: Pick<Recipient, 'attempt' | 'ruling'>,
  ): readonly { readonly name: string; readonly value: string; readonly at: number | undefined }[] {
    const { passed } = this.#message.transaction;
    const wanted = new Map<string, { name: string; value: string; at: number | undefined }>();
    const want = (fields: readonly HeaderField[], of: Pick<Recipient, 'attempt' | 'ruling'>) => {
      if (fields.length === 0) return;
      const texts = this.#textsOf(of);
      for (const { name, value: template, at } of fields) {
        const value = renderLineTemplate(template, texts);
        wanted.set([name, value].join('\0'), { name, value, at });
      }
    };
    for (const recipient of passed) want(recipient.terms.headers, recipient);
    want(ofMessage.ruling?.settings.headers ?? [], ofMessage);
    return [...wanted.values()];
  }

  /** What is set last: by the rules of the message, or else by those of the last recipient. */
  #lastOf<T extends LineTemplate | PlainTemplate>(
    pick: (settings: Ruling['settings']) => T | undefined,
    ofMessage: Pick<Recipient, 'attempt' | 'ruling'>,
  ): Wanted<T> | undefined {
    for (const each of [ofMessage, ...this.#message.transaction.passed.toReversed()]) {
      const what = each.ruling === undefined ? undefined : pick(each.ruling.settings);
      if (what !== undefined) return { what, texts: this.#textsOf(each) };
    }
    return undefined;
  }

  #textsOf({ attempt, ruling }: Pick<Recipient, 'attempt' | 'ruling'>): TemplateContext {
    const { now, transaction } = this.#message;
    return textContext(this.#policy.surroundings, {
      attempt,
      ruling,
      now,
      macros: this.#context,
      elapsedMs: transaction.delayedMs,
      decision: { verdict: 'accept', reason: 'rule' },
    });
  }

  // Encoded words (RFC 2047) are left as they are: the tag stands before them.
  #tagSubject(tag: string): void {
    const { headers } = this.#message.transaction;
    const [, subject] = headers.find(([name]) => name.toLowerCase() === 'subject') ?? [];
    if (subject?.includes(tag) === true) return;
    if (subject === undefined) {
      if (this.#context.may('addHeaders')) this.#context.addHeader('Subject', tag);
      return;
    }
    if (!this.#context.may('changeHeaders')) this.#cannot('change the subject');
    else this.#context.changeHeader('Subject', 1, `${tag} ${subject.trimStart()}`);
  }

  #addFooter({ what, texts }: Wanted<PlainTemplate>): void {
    // Of an empty body nothing comes.
    const { headers, body = new KeptBody(0) } = this.#message.transaction;
    const changed = withFooter(headers, body, renderPlainTemplate(what, texts));
    if (changed === undefined) return;
    if (this.#context.may('changeBody')) this.#context.replaceBody(changed);
    else this.#cannot('change the body');
  }
}
