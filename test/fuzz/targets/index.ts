import type { FuzzTarget } from '../fuzz-target.js';
import { addresses } from './addresses.js';
import { adminRequests } from './admin-requests.js';
import { greylistConfs, yamlConfigurations } from './configurations.js';
import {
  jsonLinesImports,
  milterGreylistImports,
  postgreyImports,
  sqlgreyImports,
} from './imports.js';
import { listFiles } from './lists.js';
import { logs } from './logs.js';
import { milterPackets } from './milter-packets.js';
import { milterSessions } from './milter-sessions.js';
import { policyRequests } from './policy-requests.js';
import { storeTables } from './store-tables.js';
import { storedRecords } from './stored-records.js';

/** Everything of greymilter's that reads what others write. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...[milterPackets, milterSessions, policyRequests, addresses],
  ...[yamlConfigurations, greylistConfs, listFiles],
  ...[postgreyImports, sqlgreyImports, milterGreylistImports, jsonLinesImports],
  ...[storedRecords, storeTables, logs, adminRequests],
];
