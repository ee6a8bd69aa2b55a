import type { Context } from './context.js';
import type { Setting, Statement } from './syntax.js';
/** Tells of a setting that comes to nothing. */
export declare function tellOther(statement: Setting & Pick<Statement, 'place'>, { findings }: Context): void;
