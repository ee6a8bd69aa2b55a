import type { Context } from './context.js';
import type { GreylistConf } from './syntax.js';
/**
 * Who passes without a rule. A clause about logins or certificates anywhere in the file takes the
 * exemption away, as `noauth` does: then the rules decide.
 */
export declare function exemptionsOf(conf: GreylistConf, { flags }: Context): readonly string[];
/** Whether senders pass, before all rules, for whom SPF does; likewise with `nospf` and its clauses. */
export declare function exemptsBySpf(conf: GreylistConf, { flags }: Context): boolean;
