import type { IpAddress } from '../mail/ip-address.js';
import type { Answer, MaybePromise } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';
import {
  asksForValidatedName,
  dependsOnClient,
  expandDomainSpec,
  type MacroValues,
} from './spf-macros.js';
import { readSpfPolicy, type SpfPolicy, type SpfTerm } from './spf-policy.js';

/** Whose mail it is said to be; the identity that is checked. */
export interface SpfIdentity {
  readonly localPart: string;
  readonly domain: string;
  readonly client: IpAddress;
  readonly helo: string;
}

/** Thrown through mailauth, which looks at `spfResult`, to end an evaluation. */
export class SpfStop extends Error {
  readonly spfResult: { error: 'temperror' | 'permerror'; readonly text: string };

  constructor(error: 'temperror' | 'permerror', text: string) {
    super(text);
    this.spfResult = { error, text };
  }
}

/** A name that a term asks for, and the domain whose policy the term stands in. */
export interface Question {
  readonly name: string;
  readonly domain: string;
  readonly term: SpfTerm | undefined;
}

/** RFC 7208 section 4.6.4. */
const MAX_TERMS = 10;
const MAX_VOIDS = 2;
const MAX_EXCHANGERS = 10;
/** A name that nobody has (RFC 6761). */
const NOBODY = 'nobody.invalid';

/**
 * Asks what mailauth wants to know while it goes through a policy, within the limits of RFC 7208.
 *
 * mailauth never sees what the domain's owner wrote: it gets the policy read by our grammar and
 * written anew, with numbers (`3.spf.invalid`) for names. So it cannot stumble over names, macros
 * are replaced when their term's turn comes, and the last number asked for says which term it was
 * at. Any failure to ask ends in `temperror`, wherever it happens.
 */
export class SpfEvaluation {
  readonly #identity: SpfIdentity;
  readonly #dns: DnsResolver;
  readonly #asker: Asker;
  readonly #questions: Question[] = [];
  #terms = 0;
  #voids = 0;
  #asked: Question | undefined;
  #skipped: string | undefined;
  #isTailored = false;

  constructor(identity: SpfIdentity, dns: DnsResolver, asker: Asker) {
    this.#identity = identity;
    this.#dns = dns;
    this.#asker = asker;
  }

  /** What stands for the identity's domain. */
  begin(): string {
    const { domain } = this.#identity;
    return this.#numberFor({ name: domain, domain, term: undefined });
  }

  /** The name behind a number, and the term that asks for it. */
  questionOf(number: string): Question | undefined {
    return this.#questions[Number.parseInt(number, 10)];
  }

  /** What was asked for last: the term that decided, unless that one had nothing to ask. */
  get lastAsked(): Question | undefined {
    return this.#asked;
  }

  /** Why a name of the client's could not be verified, if so: it may have been the right one. */
  get skipped(): string | undefined {
    return this.#skipped;
  }

  /** Whether addresses or a policy were asked for by a name that is another one for each client. */
  get isTailored(): boolean {
    return this.#isTailored;
  }

  /** mailauth's resolver for what terms ask. */
  readonly resolve = async (number: string, type: string): Promise<unknown> => {
    const question = type === 'PTR' ? undefined : this.questionOf(number);
    const isFirst = question?.term === undefined && type === 'TXT';
    this.#terms += isFirst ? 0 : 1;
    if (this.#terms > MAX_TERMS) throw new SpfStop('permerror', 'more than 10 terms that ask DNS');
    this.#asked = question;
    if (question?.term?.kind !== 'exists' && dependsOnClient(question?.name ?? '')) {
      this.#isTailored = true;
    }
    const name = question === undefined ? number : this.#nameOf(question);
    switch (type) {
      case 'TXT':
        return await this.#policy(name);
      case 'MX':
        return this.#counted(await this.#wait(this.#dns.exchangers(name, this.#asker)));
      case 'PTR':
        return this.#counted(await this.#wait(this.#dns.names(name, this.#asker)));
      default:
        return question?.term?.kind === 'exists'
          ? this.#counted(await this.#wait(this.#dns.addresses(name, 4, this.#asker)))
          : await this.#addresses(name);
    }
  };

  /** mailauth's resolver for the names that an `mx` or `ptr` term has found. */
  readonly createSubResolver = (): ((
    name: string,
    type: string,
    options?: object,
  ) => Promise<unknown>) => {
    let names = 0;
    return async (name, _type, options) => {
      // Only for exchangers there are options.
      if (options === undefined) return await this.#addressesOfClientName(name);
      names += 1;
      if (names > MAX_EXCHANGERS) throw new SpfStop('permerror', 'more than 10 mail exchangers');
      return await this.#addresses(name);
    };
  };

  async #policy(domain: string): Promise<readonly (readonly string[])[]> {
    const policies = await this.#wait(this.#dns.policies(domain, this.#asker));
    const [text, another] = policies;
    if (text === undefined) return [];
    if (another !== undefined) throw new SpfStop('permerror', `${domain} has more than one policy`);
    const policy = readSpfPolicy(text);
    if ('problem' in policy)
      throw new SpfStop('permerror', `the policy of ${domain} is wrong: ${policy.problem}`);
    return [[this.#write(policy, domain)]];
  }

  #write({ terms, redirect }: SpfPolicy, domain: string): string {
    const words = terms.map((term) => `${term.qualifier}${this.#writeTerm(term, domain)}`);
    if (redirect !== undefined) {
      const term = { qualifier: '+', kind: 'include', name: redirect } as const;
      words.push(`redirect=${this.#numberFor({ name: redirect, domain, term })}`);
    }
    return ['v=spf1', ...words].join(' ');
  }

  #writeTerm(term: SpfTerm, domain: string): string {
    switch (term.kind) {
      case 'all':
        return term.kind;
      case 'network': {
        const { family, text } = term.network;
        // mailauth takes `/0` of ip6 for no prefix at all, but not `//0`.
        return family === 4 ? `ip4:${text}` : `ip6:${text.replace('/', '//')}`;
      }
      case 'ptr': {
        const name = expandDomainSpec(term.name ?? domain, this.#values(domain));
        return `ptr:${/^[-.\w]+$/.test(name) ? name : NOBODY}`;
      }
      case 'a':
      case 'mx': {
        const number = this.#numberFor({ name: term.name ?? domain, domain, term });
        return `${term.kind}:${number}/${term.prefixes[4]}//${term.prefixes[6]}`;
      }
      case 'include':
      case 'exists':
        return `${term.kind}:${this.#numberFor({ name: term.name, domain, term })}`;
    }
  }

  #numberFor(question: Question): string {
    return `${this.#questions.push(question) - 1}.spf.invalid`;
  }

  #nameOf({ name, domain, term }: Question): string {
    return term === undefined ? name : this.#expand(name, domain);
  }

  /** The term that asked, as it would be written for this client. */
  describe(question: Question | undefined): string | undefined {
    const term = question?.term;
    if (question === undefined || term === undefined) return undefined;
    const text = `${term.kind}:${this.#expand(question.name, question.domain)}`;
    if (term.kind !== 'a' && term.kind !== 'mx') return text;
    const { family } = this.#identity.client;
    return `${text}${family === 4 ? '/' : '//'}${term.prefixes[family]}`;
  }

  #expand(name: string, domain: string): string {
    if (asksForValidatedName(name))
      throw new SpfStop('temperror', `${domain} asks for the validated name, as "${name}"`);
    // A domain whose policy it is comes from DNS or the sender, and may contain `%`.
    return name === domain ? name : expandDomainSpec(name, this.#values(domain));
  }

  #values(domain: string): MacroValues {
    const { localPart, client, helo } = this.#identity;
    return { localPart, senderDomain: this.#identity.domain, domain, client, helo };
  }

  /** Addresses of the client's family; void only if the name has none of the other either. */
  async #addresses(name: string): Promise<readonly string[]> {
    const { family } = this.#identity.client;
    const found = await this.#wait(this.#dns.addresses(name, family, this.#asker));
    if (found.length > 0) return found;
    const others = await this.#dns.addresses(name, family === 4 ? 6 : 4, this.#asker);
    if (others.known) this.#counted(others.value);
    return found;
  }

  /** One that cannot be asked for is left out (section 5.5), which must not end in a failure. */
  async #addressesOfClientName(name: string): Promise<readonly string[]> {
    const { family } = this.#identity.client;
    const answer = await this.#dns.addresses(name, family, this.#asker);
    if (answer.known) return answer.value;
    this.#skipped = answer.problem;
    return [];
  }

  #counted<T>(found: readonly T[]): readonly T[] {
    this.#voids += found.length === 0 ? 1 : 0;
    if (this.#voids > MAX_VOIDS)
      throw new SpfStop('permerror', 'more than 2 names that do not exist');
    return found;
  }

  async #wait<T>(asked: MaybePromise<Answer<readonly T[]>>): Promise<readonly T[]> {
    const answer = await asked;
    if (!answer.known) throw new SpfStop('temperror', answer.problem);
    return answer.value;
  }
}
