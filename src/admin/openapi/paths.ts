import { recordStates } from '../../migrate/record-outline.js';
import { knownReasons, knownVerdicts } from '../../telemetry/decision-counts.js';
import { filterNames, wantedKinds } from '../record-filter.js';
import { recordOrders } from '../record-order.js';
import { count, flag, text, word, type Shape } from './shapes.js';

/** A parameter: `in` a query unless its path has it. */
interface Parameter {
  readonly schema: Shape;
  readonly description?: string;
}

/** What one method does at a path. */
export interface Operation {
  readonly summary: string;
  /** Names of parameters; those of the path go without saying. */
  readonly takes?: readonly string[];
  /** Without these it is refused. */
  readonly needs?: readonly string[];
  /** Headers without which it is refused. */
  readonly headers?: readonly string[];
  /** What is sent. */
  readonly body?: string;
  /** Status of success, and the schema of its JSON; or a media type without one. */
  readonly answer: readonly [status: number, content?: string | readonly string[]];
  /** Further statuses that have an answer of the same form. */
  readonly also?: readonly number[];
  /** Whether anybody may ask. */
  readonly isOpen?: true;
  /** Whether the answer goes on until whoever has asked goes away. */
  readonly isLive?: true;
}

const seconds: Shape = { ...count, minimum: 1 };

/** What may stand in queries and paths. */
export const parameters: Readonly<Record<string, Parameter>> = {
  id: { schema: text, description: 'As a list shows it.' },
  client: { schema: text, description: 'An address, or a network.' },
  sender: { schema: text, description: '`local@domain`, `@domain`, `local@`, or `<>`.' },
  recipient: { schema: text, description: 'The same.' },
  kind: {
    schema: word(...wantedKinds),
    description: '`triplet` is `pair` and `null-sender`; `statistics` are shown only if asked for.',
  },
  state: { schema: word(...recordStates), description: 'Of one of its clients.' },
  'older-than': { schema: seconds, description: 'Seconds since the first attempt, at least.' },
  'newer-than': { schema: seconds, description: 'The same, at most.' },
  sort: {
    schema: word(...recordOrders),
    description: 'Within a page; to have the first of all, ask for all pages and merge by `keys`.',
  },
  reverse: { schema: flag, description: 'The last first.' },
  verdict: { schema: word(...knownVerdicts) },
  reason: { schema: word(...knownReasons) },
  'last-seconds': { schema: { ...seconds, default: 86_400 }, description: 'Up to now.' },
  'step-seconds': {
    schema: { ...seconds, multipleOf: 60 },
    description: 'How long each point takes; without this there are some hundred points.',
  },
  limit: { schema: { ...count, minimum: 1, maximum: 1000, default: 100 } },
  cursor: {
    schema: text,
    description: 'The `next` of the page before; a page may be short or empty.',
  },
  'If-Match': { schema: text, description: 'The tag of what is there, in quotes.' },
  'dry-run': { schema: flag, description: 'Only counts what would be changed.' },
  'for-seconds': { schema: seconds, description: 'How long it lasts.' },
};

const JSON_LINES = ['application/x-ndjson'] as const;
const METRICS = ['text/plain', 'application/openmetrics-text'] as const;

/** Every route, by path and method. */
export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/health': {
    get: { summary: 'Whether it answers', answer: [200, 'Health'], isOpen: true },
  },
  '/ready': {
    get: {
      summary: 'Whether mail can be judged',
      ...{ answer: [200, 'Readiness'], also: [503], isOpen: true },
    },
  },
  '/metrics': {
    get: { summary: 'Metrics for Prometheus', answer: [200, METRICS] },
  },
  '/v1/openapi.json': {
    get: { summary: 'This document', answer: [200, ['application/json']] },
  },
  '/v1/status': {
    get: { summary: 'How the filter is', answer: [200, 'Status'] },
  },
  '/v1/reload': {
    post: { summary: 'Reads the configuration again', answer: [200, 'ReloadReport'] },
  },
  '/v1/records': {
    get: {
      summary: 'Records, page by page',
      takes: [...filterNames, 'sort', 'reverse', 'limit', 'cursor'],
      answer: [200, 'RecordPage'],
    },
  },
  '/v1/records/{id}': {
    get: { summary: 'One record', answer: [200, 'Record'] },
    put: {
      summary: 'Puts a record back, if what is there is still what its tag says',
      ...{ headers: ['If-Match'], body: 'application/json', answer: [204] },
    },
    delete: {
      summary: 'Forgets one record, if it is still one of those that are meant',
      ...{ takes: filterNames, answer: [204] },
    },
  },
  '/v1/records/{id}/pass': {
    post: {
      summary: 'Lets pass what waits in one record',
      ...{ takes: ['client', 'dry-run'], answer: [200, 'Released'] },
    },
  },
  '/v1/pass': {
    post: {
      summary: 'Lets pass what waits of a client, a sender or a recipient, of which one is needed',
      ...{ takes: ['client', 'sender', 'recipient', 'dry-run', 'cursor'] },
      answer: [200, 'ReleasePage'],
    },
  },
  '/v1/exceptions': {
    get: { summary: 'Exceptions by hand', answer: [200, 'Exceptions'] },
    post: {
      summary: 'Adds an exception, in place of one about the same',
      ...{ needs: ['for-seconds'], takes: ['client', 'spf', 'sender'], answer: [201, 'Exception'] },
    },
  },
  '/v1/exceptions/{id}': {
    delete: { summary: 'Takes an exception away', answer: [204] },
  },
  '/v1/changes': {
    get: {
      summary: 'Records while they change',
      ...{ takes: filterNames, answer: [200, JSON_LINES], isLive: true },
    },
  },
  '/v1/decisions': {
    get: {
      summary: 'Decisions while they are made',
      takes: ['client', 'sender', 'recipient', 'verdict', 'reason'],
      ...{ answer: [200, JSON_LINES], isLive: true },
    },
  },
  '/v1/statistics': {
    get: {
      summary: 'What happened in a time',
      ...{ takes: ['last-seconds', 'step-seconds'], answer: [200, 'Statistics'] },
    },
  },
  '/v1/rules': {
    get: { summary: 'The rules, and how often each has decided', answer: [200, 'Rules'] },
  },
  '/v1/lookups': {
    get: { summary: 'What was looked up, by kind', answer: [200, 'Lookups'] },
  },
  '/v1/page': {
    get: { summary: 'What a page should know first', answer: [200, 'Page'] },
  },
  '/v1/compact': {
    post: {
      summary: 'Makes the files of the store smaller; the answer tells line by line how far it is',
      answer: [200, JSON_LINES],
    },
  },
  '/v1/export': {
    get: { summary: 'All records, a line each behind a header', answer: [200, JSON_LINES] },
  },
  '/v1/import': {
    post: {
      summary: 'Takes an export over; the answer tells line by line how far it is',
      ...{ body: 'application/x-ndjson', answer: [200, JSON_LINES] },
    },
  },
};
