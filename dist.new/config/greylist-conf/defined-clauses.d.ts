import type { Context } from './context.js';
import type { Test } from './test.js';
/** A DNS list, by the name that it has in the file. */
export declare function askDnsList(name: string, { dnsrbl }: Context): Test;
/** A macro of the MTA's, by the name that its test has in the file. */
export declare function askMacro(name: string, context: Context): Test;
/** Whether there was too much; asking counts. */
export declare function askRate(name: string, stage: 'rcpt' | 'data', { rates }: Context): Test;
/** A web server, by the name that it has in the file. */
export declare function askUrl(name: string, { urls }: Context): Test;
/** A directory, by the name of the question. */
export declare function askLdap(name: string, { ldap }: Context): Test;
