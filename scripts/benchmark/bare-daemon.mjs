/**
 * The filter without what looks at it, to be compared with the whole one: no decision is counted, and
 * no time. What is left of it are some readings of the clock. It is made of the single modules, for
 * those in the program cannot be reached.
 */
import { runCommandLine } from '../../dist/cli/command-line.js';
import { DecisionTap } from '../../dist/daemon/insight/decision-tap.js';
import { BucketCounts } from '../../dist/telemetry/bucket-counts.js';

const nothing = () => undefined;
DecisionTap.prototype.listen = nothing;
BucketCounts.prototype.observe = nothing;
process.exitCode = await runCommandLine(process.argv.slice(2));
