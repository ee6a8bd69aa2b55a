import type { Context, Defined, LdapCheck, UrlCheck } from './context.js';
import { doubtOf, ldapServerOf, ldapUrlOf, stageOf, urlOf } from './lookup-urls.js';
import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import type { GreylistConf, Setting, Stage, Statement } from './syntax.js';
import { textAt } from './template.js';

/** What answers become, and for how long. */
const SCOPES = { none: undefined, session: 'message', recipient: 'recipient' } as const;

/** Web servers and directories that are asked, by the names that rules use. */
export function translateDefinitions({ statements }: GreylistConf, context: Context): Mapping {
  const directory = statements.findLast((one) => one.kind === 'ldapconf');
  const timeout = directory === undefined ? undefined : timeoutOf(directory, context);
  const lookups: Mapping = {
    timeout: (timeout ?? 0) > USUAL_TIMEOUT ? `${String(timeout)}s` : undefined,
    urls: filled(context.urls.values(), context, writeUrlCheck),
    ldap: writeDirectory(directory, timeout, context),
    'ldap-queries': filled(context.ldap.values(), context, writeLdapCheck),
  };
  return Object.values(lookups).some((part) => part !== undefined) ? { lookups } : {};
}

function writeUrlCheck(check: Defined<UrlCheck>, { findings }: Context): Mapping | undefined {
  const url = urlOf(check);
  if (url === undefined) {
    const problem = `${doubtOf(check)}; with --ignore-unsupported the rules that ask it are left out`;
    const hint =
      'write an http:// or https:// URL with the name of its server: "http://192.0.2.1/%r"';
    findings.unsupported(check.place, 'urlcheck', problem, hint);
    return undefined;
  }
  return {
    url,
    connections: Math.min(Math.max(check.connections, 1), 100),
    encode: check.isEncoded ? undefined : false,
    properties: SCOPES[check.properties],
    'post-message': check.postsMessage ? true : undefined,
  };
}

function writeLdapCheck(
  check: Defined<LdapCheck>,
  { findings, flags }: Context,
): Mapping | undefined {
  const url = ldapUrlOf(check);
  if (url === undefined) {
    const problem =
      'has no URL of a directory; with --ignore-unsupported the rules that ask it are left out';
    const hint = 'write it as in "ldap:///dc=example,dc=org?mail?sub?(mail=%r)"';
    findings.unsupported(check.place, 'ldapcheck', problem, hint);
    return undefined;
  }
  return {
    url,
    escape: check.isEscaped ? undefined : false,
    match: check.isMatch || flags.has('fixldapcheck') ? undefined : false,
    properties: SCOPES[check.properties],
  };
}

/** Undefined if there is none. */
function filled<T extends Defined<UrlCheck> | Defined<LdapCheck>>(
  definitions: Iterable<T>,
  context: Context,
  write: (definition: T, context: Context) => Mapping | undefined,
): Node {
  const entries = [...definitions].flatMap((one) => {
    const written = write(one, context);
    if (written === undefined) return [];
    return stagesOf(one, context).map((stage) => {
      const asked =
        stage === 'data' ? write({ ...one, url: textAt(stage, one.url) }, context) : written;
      return [context.lookupNameOf(one.name, stage), at(one.place, asked)] as const;
    });
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The stages that need a lookup of their own. */
function stagesOf(one: Defined<UrlCheck> | Defined<LdapCheck>, context: Context): readonly Stage[] {
  const { kind, name } = one;
  if (stageOf(one, 'data') === 'rcpt' || !context.isAsked(kind, name, 'data')) return ['rcpt'];
  return context.isAsked(kind, name, 'rcpt') ? ['rcpt', 'data'] : ['data'];
}

/** The longest that a client is let wait for an answer, in seconds: less than a filter is given. */
const LONGEST_TIMEOUT = 4;
/** How long all questions for a recipient may take where nothing is said, in seconds. */
const USUAL_TIMEOUT = 2;

type LdapConf = Extract<Setting, { readonly kind: 'ldapconf' }> & Pick<Statement, 'place'>;

/** Undefined where the file does not say. */
function timeoutOf({ timeoutSeconds, place }: LdapConf, { findings }: Context): number | undefined {
  if (timeoutSeconds === undefined) return undefined;
  const timeout = Math.min(Math.max(timeoutSeconds, 1), LONGEST_TIMEOUT);
  if (timeout !== timeoutSeconds) {
    findings.note(place, 'ldapconf', `waits ${timeout}s here`, 'the client waits meanwhile');
  }
  return timeout;
}

function writeDirectory(
  directory: LdapConf | undefined,
  timeout: number | undefined,
  context: Context,
): Node {
  const servers = directory === undefined ? [] : serversOf(directory, context);
  const [query] = context.ldap.values();
  if (query !== undefined && servers.length === 0) {
    const problem = 'has no server to ask: whoever it is asked for is put off';
    context.findings.note(query.place, 'ldapcheck', problem, 'write ldapconf "ldap://192.0.2.10"');
  }
  if (directory === undefined) return undefined;
  return at(directory.place, {
    servers,
    timeout: timeout === undefined ? undefined : `${timeout}s`,
    bind: writeBind(directory, context),
  });
}

function serversOf({ servers, place }: LdapConf, { findings }: Context): readonly string[] {
  return servers.flatMap((written) => {
    const server = ldapServerOf(written);
    if (server !== undefined) return [server];
    const problem = `has ${written}, which is not asked; with --ignore-unsupported only others are`;
    findings.unsupported(place, 'ldapconf', problem, 'write ldap://host or ldaps://host');
    return [];
  });
}

/** Nobody in particular where there is no name, or no password for it. */
function writeBind({ bind, place }: LdapConf, { findings }: Context): Mapping | undefined {
  if (bind === undefined || bind.dn === '') return undefined;
  if (bind.password === '') {
    findings.note(place, 'ldapconf', 'has no password: the directory is asked without a name');
    return undefined;
  }
  const problem = 'has a password in it: nobody else should be able to read the file';
  const hint = 'in a greymilter.yaml, lookups.ldap.bind.password-file can name another file for it';
  findings.note(place, 'ldapconf', problem, hint);
  return { dn: bind.dn, password: bind.password };
}
