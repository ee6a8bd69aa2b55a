import type { CrossIssue } from './cross-checks.js';
import { type Config } from './schema.js';
/** What only milter-greylist's style can do, asked of our own. */
export declare function checkStyle(config: Config): readonly CrossIssue[];
/** What has no effect in the style that is set. */
export declare function doubtStyle({ greylist }: Config): readonly CrossIssue[];
