import type { Place } from '../yaml-text.js';
import type { FormatString } from './format-string.js';

/** What a file of milter-greylist says, statement by statement; names are those of its language. */
export interface GreylistConf {
  readonly statements: readonly Statement[];
  /** Comments outside of strings, with the `#`, in order; for who writes the file anew. */
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly line: number;
  readonly text: string;
  /** Whether nothing else stands on its line. */
  readonly isAlone: boolean;
}

/** How a regular expression is written: POSIX basic, or extended behind `extendedregex`. */
export type Dialect = 'basic' | 'extended';

/** `/…/` as it stands between the slashes; letter case never matters. */
export interface PatternValue {
  readonly kind: 'pattern';
  readonly source: string;
  readonly dialect: Dialect;
  readonly place: Place;
}

/** A quoted string without its quotes, an address or a name; backslashes stay as they are. */
export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  readonly place: Place;
}

export interface FormatValue {
  readonly kind: 'format';
  readonly format: FormatString;
  readonly place: Place;
}

/** `192.0.2.0/24`; without a length it is one address. */
export interface NetworkValue {
  readonly kind: 'network';
  /** As it is written in YAML: host bits are cleared, the length is always there. */
  readonly text: string;
  readonly place: Place;
}

export interface PropertyValue {
  readonly kind: 'property';
  /** Without the `$`. */
  readonly name: string;
}

export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
}

export type TextOrPattern = TextValue | PatternValue;

export type Operator = '==' | '!=' | '<' | '>' | '<=' | '>=';

export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: Operator;
  readonly operand: NumberValue | PropertyValue;
}

export type SpfResult =
  'pass' | 'fail' | 'softfail' | 'neutral' | 'unknown' | 'error' | 'none' | 'self';
export type DkimResult = 'pass' | 'fail' | 'unknown' | 'error' | 'none';
export type TarpitScope = 'session' | 'command';

/** What a clause asks, or does. */
export type ClauseTest =
  | { readonly kind: 'addr'; readonly network: NetworkValue }
  | { readonly kind: 'domain'; readonly operand: TextOrPattern }
  | { readonly kind: 'from' | 'rawfrom' | 'rcpt'; readonly operand: TextOrPattern }
  | { readonly kind: 'rcptcount' | 'msgsize'; readonly comparison: Comparison }
  | { readonly kind: 'helo'; readonly operand: FormatValue | PatternValue }
  | { readonly kind: 'auth' | 'tls' | 'p0f'; readonly operand: TextOrPattern }
  | { readonly kind: 'spf'; readonly result: SpfResult }
  | { readonly kind: 'dkim'; readonly result: DkimResult }
  | { readonly kind: 'mx'; readonly bits: number }
  | { readonly kind: 'geoip'; readonly country: string }
  | { readonly kind: 'time'; readonly schedule: string }
  /** By name: what is defined before. */
  | { readonly kind: DefinedKind; readonly name: string }
  | { readonly kind: 'list'; readonly name: string; readonly type: ListType }
  | { readonly kind: 'header' | 'body'; readonly operand: TextOrPattern | PropertyValue }
  /** Without a comparison: whether it is spam. */
  | { readonly kind: 'spamd'; readonly comparison: Comparison | undefined }
  | { readonly kind: 'tarpit'; readonly seconds: number }
  | {
      readonly kind: 'set' | 'rset';
      readonly property: string;
      readonly operator: '=' | '+=' | '-=';
      readonly operand: FormatValue | NumberValue | PropertyValue;
    }
  | {
      readonly kind: 'property';
      readonly property: string;
      readonly operand: TextOrPattern | Comparison;
    }
  /** `*$name "text"`: the property is a pattern with `*` and `?` for the text. */
  | { readonly kind: 'property-glob'; readonly property: string; readonly subject: FormatValue }
  | { readonly kind: 'log'; readonly text: FormatValue };

/** What clauses refer to by name. */
export type DefinedKind =
  'dnsrbl' | 'sm_macro' | 'ratelimit' | 'urlcheck' | 'ldapcheck' | 'nsupdate';

/** A condition of a rule; all of them must hold, from left to right. */
export type Clause = ClauseTest & { readonly isNegated: boolean; readonly place: Place };

/** What a value says. */
export type RuleValueBody =
  | { readonly kind: 'delay' | 'autowhite'; readonly seconds: number }
  | { readonly kind: 'flushaddr' | 'nolog' }
  | { readonly kind: 'code' | 'ecode'; readonly text: string }
  | { readonly kind: 'msg' | 'report' | 'subjtag'; readonly format: FormatString }
  /** Its C escapes are resolved. */
  | { readonly kind: 'addfooter'; readonly format: FormatString }
  | {
      readonly kind: 'addheader';
      readonly format: FormatString;
      /** Counted from the top; undefined for behind all others. */
      readonly index: number | undefined;
    }
  | { readonly kind: 'maxpeek'; readonly bytes: number }
  | { readonly kind: 'tarpit_scope'; readonly scope: TarpitScope };

/** What a rule says about the decision. Each kind at most once, but for `maxpeek`: the last counts. */
export type RuleValue = RuleValueBody & { readonly place: Place };

export type Action = 'greylist' | 'whitelist' | 'blacklist' | 'continue';

/** Whether rules are asked of each recipient, or of a whole message. */
export type Stage = 'rcpt' | 'data';

export interface Rule {
  readonly kind: 'rule';
  /** The last five are the historic one-line forms, each of which goes to the head of the rules. */
  readonly keyword: 'racl' | 'dacl' | 'acl' | 'addr' | 'domain' | 'from' | 'rawfrom' | 'rcpt';
  readonly stage: Stage;
  readonly id: string | undefined;
  readonly action: Action;
  /** None for `default`. */
  readonly clauses: readonly Clause[];
  readonly values: readonly RuleValue[];
}

/** A list with its items, by what they are. */
export type List = { readonly kind: 'list'; readonly name: string } & (
  | { readonly type: 'addr'; readonly items: readonly NetworkValue[] }
  | { readonly type: PatternListType; readonly items: readonly TextOrPattern[] }
  | { readonly type: 'helo'; readonly items: readonly (FormatValue | PatternValue)[] }
  | { readonly type: NameListType; readonly items: readonly TextValue[] }
);

export type PatternListType =
  'from' | 'rawfrom' | 'rcpt' | 'domain' | 'body' | 'header' | 'auth' | 'tls' | 'p0f';
/** The last two are of what they name, the others of what is defined under that name. */
export type NameListType = 'dnsrbl' | 'urlcheck' | 'sm_macro' | 'geoip' | 'time';
export type ListType = List['type'];

export type Flag =
  | 'lazyaw'
  | 'quiet'
  | 'verbose'
  | 'nodetach'
  | 'noauth'
  | 'nospf'
  | 'noaccessdb'
  | 'multiracl'
  | 'testmode'
  | 'delayedreject'
  | 'extendedregex'
  | 'domainexact'
  | 'unbracket'
  | 'dump_no_time_translation'
  | 'logexpired'
  | 'fixldapcheck'
  | 'nodrac';

type GeoDatabase = 'geoipdb' | 'geoipv6db' | 'geoip2db';

export type Setting =
  | { readonly kind: 'flag'; readonly flag: Flag }
  /** Negative seconds are what was written: `dumpfreq -1` is never. */
  | {
      readonly kind: 'greylist' | 'autowhite' | 'timeout' | 'dumpfreq' | 'tarpit';
      readonly seconds: number;
    }
  | { readonly kind: 'subnetmatch' | 'subnetmatch6'; readonly bits: number }
  | { readonly kind: 'report'; readonly which: 'none' | 'delays' | 'nodelays' | 'all' }
  | { readonly kind: 'dumpfile'; readonly path: string; readonly mode: number | undefined }
  | { readonly kind: 'logfac'; readonly facility: string }
  | {
      readonly kind: 'socket';
      readonly spec: string;
      /** As in chmod: 0o660. */
      readonly mode: number | undefined;
    }
  | { readonly kind: 'pidfile' | 'p0fsock' | 'drac' | GeoDatabase; readonly path: string }
  | { readonly kind: 'user'; readonly user: string; readonly group: string | undefined }
  | {
      readonly kind: 'peer';
      readonly host: string;
      readonly timeoutSeconds: number | undefined;
    }
  | {
      readonly kind: 'syncaddr' | 'syncsrcaddr';
      /** Undefined for `*`. */
      readonly address: string | undefined;
      readonly port: number | undefined;
    }
  | { readonly kind: 'syncmaxqlen' | 'maxpeek'; readonly value: number }
  | { readonly kind: 'localaddr'; readonly address: string }
  /** The C escapes of its format are resolved. */
  | { readonly kind: 'stat'; readonly output: string; readonly format: FormatString }
  | { readonly kind: 'spamdsock'; readonly family: 'unix' | 'inet'; readonly address: string }
  | { readonly kind: 'tarpit_scope'; readonly scope: TarpitScope }
  | {
      readonly kind: 'ldapconf';
      readonly servers: readonly string[];
      readonly timeoutSeconds: number | undefined;
      readonly bind: { readonly dn: string; readonly password: string } | undefined;
    };

export type Definition =
  | {
      readonly kind: 'dnsrbl';
      readonly name: string;
      readonly zone: string;
      readonly address: string;
      readonly bits: number;
    }
  | {
      readonly kind: 'sm_macro';
      readonly name: string;
      /** With its braces, if it has some: `{auth_type}`, `i`. */
      readonly macro: string;
      readonly test: TextOrPattern | { readonly kind: 'unset' };
    }
  | {
      readonly kind: 'urlcheck';
      readonly name: string;
      readonly url: FormatString;
      readonly connections: number;
      readonly postsMessage: boolean;
      /** Whether the answer's lines become properties, and whether those go with the recipient. */
      readonly properties: 'none' | 'session' | 'recipient';
      readonly isEncoded: boolean;
    }
  | {
      readonly kind: 'ldapcheck';
      readonly name: string;
      readonly url: FormatString;
      readonly properties: 'session' | 'recipient';
      /** Whether the clause says if something was found; otherwise it never matches. */
      readonly isMatch: boolean;
      readonly isEscaped: boolean;
    }
  | {
      readonly kind: 'ratelimit';
      readonly name: string;
      readonly counts: 'rcpt' | 'session' | 'data';
      readonly limit: number;
      readonly periodSeconds: number;
      /** Undefined for the client's address. */
      readonly key: FormatString | undefined;
    }
  | {
      readonly kind: 'tsig';
      readonly name: string;
      readonly algorithm: string;
      readonly secret: string;
    }
  | {
      readonly kind: 'nsupdate';
      readonly name: string;
      readonly record: FormatString;
      readonly value: FormatString;
    };

export type Statement = (Rule | List | Setting | Definition) & {
  /** Where its keyword stands. */
  readonly place: Place;
  /** Of its end, with continuation lines: the number milter-greylist gives a rule. */
  readonly lastLine: number;
};
