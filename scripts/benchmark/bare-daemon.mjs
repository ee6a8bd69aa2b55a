/**
 * The filter without what looks at it, to be compared with the whole one: no decision is counted, and
 * no time. What is left of it are some readings of the clock.
 */
import { DecisionTap } from '../../dist/daemon/insight/decision-tap.js';
import { BucketCounts } from '../../dist/telemetry/bucket-counts.js';

const nothing = () => undefined;
DecisionTap.prototype.listen = nothing;
BucketCounts.prototype.observe = nothing;
await import('../../dist/cli/main.js');
