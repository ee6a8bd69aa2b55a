import assert from 'node:assert/strict';
import { createAdminApp } from '../../../src/admin/admin-app.js';
import type { AdminDependencies } from '../../../src/admin/admin-dependencies.js';
import { idOfKey } from '../../../src/admin/records.js';
import { formatHeader, writeRecord } from '../../../src/migrate/json-lines.js';
import { MemoryStore } from '../../support/memory-store.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { sampleRecords } from '../sample-records.js';

const now = 1_795_900_000_000;
const methods = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /;

const exported =
  formatHeader('1.0.0', now) +
  sampleRecords(now)
    .map((record) => `${JSON.stringify(writeRecord(record))}\n`)
    .join('');

const ids = sampleRecords(now).map(({ key }) => idOfKey(key));
const lines = 'content-type: application/x-ndjson';

/** Requests as text: the first line, further ones as headers, an empty one, the body. */
const requests = [
  ...['GET /v1/rules\n\n', 'GET /health\n\n', 'GET /ready\n\n', 'GET /metrics\naccept: */*\n\n'],
  ...['GET /v1/records?limit=3&state=passed&sort=until&reverse=true\n\n', 'GET /v1/lookups\n\n'],
  ...['GET /v1/exceptions\n\n', 'GET /v1/openapi.json\n\n', 'GET /v1/statistics?hours=3\n\n'],
  ...['GET /v1/decisions\n\n', 'GET /v1/changes?sender=@a.example\n\n', 'POST /v1/reload\n\n'],
  ...['POST /v1/exceptions?client=192.0.2.0/24&sender=@a.example&for-seconds=9\n\n'],
  ...['POST /v1/exceptions?sender=@a.example&spf=true&for-seconds=9\n\n', 'GET /v1/export\n\n'],
  ...['POST /v1/pass?sender=s@a.example&dry-run=true\n\n', 'POST /v1/compact\n\n'],
  ...['POST /v1/pass?client=192.0.2.7&recipient=r@b.example\n\n', 'GET /v1/page\n\n'],
  ...['GET /v1/records?client=192.0.2.0/24&kind=pair&older-than=60&newer-than=9999999\n\n'],
  ...ids.flatMap((id) => [
    ...[`GET /v1/records/${id}\n\n`, `DELETE /v1/records/${id}\n\n`],
    `POST /v1/records/${id}/pass?client=192.0.2.7\n\n`,
  ]),
  ...sampleRecords(now).map((record) => {
    const body = JSON.stringify(writeRecord(record));
    return `PUT /v1/records/${idOfKey(record.key)}\nif-match: *\ncontent-type: application/json\n\n${body}`;
  }),
  `POST /v1/import\n${lines}\n\n${exported}`,
];

/** The admin interface: each request is answered, and a refusal says why. */
export const adminRequests: FuzzTarget = {
  name: 'admin-requests',
  seeds: () => requests.map((text) => Buffer.from(text)),
  words: [
    ...[
      '?',
      '&',
      '=',
      '%00',
      '%ff',
      '%2e%2e/',
      '/',
      '//',
      '/v1/',
      'records',
      'exceptions',
      'import',
    ],
    ...['limit=', 'cursor=', 'state=', 'sort=', 'client=', 'sender=', 'network=', 'kind=', 'from='],
    ...[
      'if-match: "x"\n',
      'if-match: *\n',
      'host: a\n',
      'origin: http://x\n',
      'authorization: Bearer \n',
    ],
    ...[
      'sec-fetch-site: cross-site\n',
      'content-type: text/plain\n',
      'accept: text/html\n',
      'DELETE ',
      'PUT ',
    ],
    ...[
      '{',
      '}',
      '[',
      ']',
      'null',
      'true',
      '1e999',
      '"\\ud800"',
      '"__proto__":{}',
      '"a":',
      ',',
      '-1',
      'ü',
    ],
  ],
  maxBytes: 6000,
  run: async (input) => {
    const request = requestOf(input.toString('latin1'));
    if (request === undefined) return;
    const told: string[] = [];
    const answer = await createAdminApp(dependencies(told))(request, '192.0.2.9');
    const text = await textOf(answer, request);
    assert.deepEqual(told, [], 'nothing has failed');
    assert.ok(answer.status < 500 && !text.includes('"ADMIN_FAILED"'), `${answer.status} ${text}`);
    if (answer.status >= 400 && request.method !== 'HEAD') {
      const problem: unknown = JSON.parse(text);
      assert.ok(typeof problem === 'object' && problem !== null && 'code' in problem, text);
    }
  },
};

/** Undefined for what no HTTP server would let through. */
function requestOf(text: string): Request | undefined {
  if (!methods.test(text)) return undefined;
  const [head = '', ...rest] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const [method = '', path = ''] = first.split(' ');
  const body = rest.join('\n\n');
  try {
    const headers = new Headers({ host: 'localhost' });
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon), line.slice(colon + 1));
    }
    const hasBody = method !== 'GET' && method !== 'HEAD';
    return new Request(new URL(path, 'http://localhost'), {
      ...{ method, headers },
      ...(hasBody && { body: Buffer.from(body, 'latin1') }),
    });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** All of an answer, but of one that goes on for ever nothing. */
async function textOf(answer: Response, { method, url }: Request): Promise<string> {
  const isLive = method === 'GET' && /^\/v1\/(decisions|changes)$/.test(new URL(url).pathname);
  if (!isLive || answer.status !== 200) return await answer.text();
  await answer.body?.cancel();
  return '';
}

function dependencies(told: string[]): AdminDependencies {
  const clock = { now: () => now };
  const store = new MemoryStore({ clock });
  for (const { key, value, expiresAt } of sampleRecords(now)) {
    store.committed.set(key, { value, expiresAt, commit: undefined });
  }
  const readiness = { isReady: true, mode: 'enforce', impairments: [] };
  return {
    ...{ store, clock, version: '1.0.0', startedAt: now - 1000 },
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: (message, fields) => told.push(`${message} ${JSON.stringify(fields)}`),
    },
    status: () => Promise.reject(new Error('status')),
    monitoring: {
      metrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
      readiness: () => Promise.resolve(readiness),
    },
    decisions: { listen: () => () => undefined },
    changes: { listen: () => () => undefined },
    insight: {
      unwritten: () => [],
      settings: () => ({ keepMs: 1e9, hasNames: true, hearsOfForgotten: true, delayMs: 300_000 }),
      rules: () => [],
      lookups: () => [],
    },
    reload: () =>
      Promise.resolve({ at: new Date(now).toISOString(), ok: true, changes: [], warnings: [] }),
    onExceptions: () => undefined,
    releaseLife: () => () => 86_400_000,
  };
}
