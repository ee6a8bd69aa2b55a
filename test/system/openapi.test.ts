import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Ajv2020 } from 'ajv/dist/2020.js';

import { openApiText } from '../../scripts/openapi.js';
import { createRoutes } from '../../src/admin/admin-app.js';
import { openApiDocument } from '../../src/admin/openapi/document.js';
import { operations, type Operation } from '../../src/admin/openapi/paths.js';
import { packageVersion } from '../../src/daemon/process/version.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { openSession, sendMail } from './smtp-session.js';

const document = openApiDocument(packageVersion());

const documented: ReadonlyMap<string, Operation> = new Map(
  Object.entries(operations).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  ),
);

/** The page is for browsers, and no part of the interface for programs. */
const isPage = (path: string): boolean => path === '/' || path.startsWith('/page/');

/** What nobody calls here. */
function unused(): never {
  throw new Error('not to be called');
}

test('docs/openapi.json is what the filter serves', async () => {
  const path = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
  const hint = 'run: npx tsx scripts/openapi.ts --write docs/openapi.json';
  assert.ok(readFileSync(path, 'utf8') === (await openApiText()), hint);
});

for (const [name, listener] of [
  ['the admin socket', {}],
  ['TCP', { access: () => ({ tokens: [], hosts: [], write: true }) }],
] as const) {
  test(`over ${name} there is every documented route, and no other`, () => {
    const routes = createRoutes(
      {
        ...{
          version: '',
          status: unused,
          reload: unused,
          onExceptions: unused,
          releaseLife: unused,
        },
        startedAt: 0,
        decisions: { listen: unused },
        changes: { listen: unused },
        insight: { unwritten: unused, settings: unused, rules: unused, lookups: unused },
        store: {
          get: unused,
          scan: unused,
          compareAndSet: unused,
          delete: unused,
          stats: unused,
          close: unused,
        },
        clock: { now: unused },
        logger: { info: unused, warn: unused, error: unused },
        monitoring: { metrics: unused, readiness: unused },
      },
      listener,
    ).routes.filter(({ method, path }) => method !== 'ALL' && !isPage(path));
    const there = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    assert.deepEqual(there.sort(), [...documented.keys()].sort());
  });
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether to hang up behind the first line. */
  readonly isLive?: boolean | undefined;
}

function ask(socketPath: string, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, path, body, isLive } = question;
    const type = body === undefined ? {} : { 'content-type': 'application/x-ndjson' };
    const headers = { ...type, ...question.headers };
    const outgoing = request({ socketPath, method, path, headers, agent: false }, (incoming) => {
      let text = '';
      const tell = (): void => {
        const type = incoming.headers['content-type']?.split(';')[0];
        resolve({ status: incoming.statusCode ?? 0, type, text });
      };
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (isLive !== true || !text.includes('\n')) return;
        tell();
        outgoing.destroy();
      });
      incoming.once('error', reject).once('end', tell);
    });
    outgoing.once('error', reject).end(body);
  });
}

async function fill(daemon: TestDaemon): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from: 'a@one.example', to: ['x@example.org', 'y@example.org'] });
  await sendMail(peer, { from: '', to: ['x@example.org'] });
  daemon.clock.advance(300_000);
  await sendMail(peer, { from: 'a@one.example', to: ['x@example.org'] });
  await peer.quit();
}

describe('real answers', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'api', ...document });

  /** Fails unless an answer is what is documented, and says what it is. */
  function check(route: string, { status, type, text }: Answer): void {
    const { answer, also = [] } = documented.get(route) ?? assert.fail(route);
    const [expected, content] = answer;
    const isProblem = status !== expected && !also.includes(status);
    const schema = isProblem ? 'Problem' : content;
    if (typeof schema !== 'string') {
      assert.ok(content === undefined || content.includes(type ?? ''), `${route}: ${String(type)}`);
      assert.equal(text === '', content === undefined, route);
      return;
    }
    assert.equal(type, isProblem ? 'application/problem+json' : 'application/json', text);
    const validate = ajv.getSchema(`api#/components/schemas/${schema}`) ?? assert.fail(schema);
    const problems = validate(JSON.parse(text)) === true ? [] : validate.errors;
    assert.deepEqual(problems, [], `${route}: ${text}`);
  }

  test('fit what is documented, of every route', async (t) => {
    const daemon = await startTestDaemon(t);
    await fill(daemon);
    const socket = join(daemon.directory, 'db.sock');
    const asked = new Set<string>();
    const statuses: string[] = [];
    const call = async (
      route: string,
      path: string,
      body?: string,
      headers?: Question['headers'],
    ): Promise<Answer> => {
      const [method = ''] = route.split(' ');
      const isLive = documented.get(route)?.isLive;
      const answer = await ask(socket, { method, path, body, headers, isLive });
      check(route, answer);
      asked.add(route);
      statuses.push(`${answer.status} ${route}`);
      return answer;
    };
    for (const [route, { needs = [] }] of documented) {
      if (route.startsWith('GET') && !route.includes('{') && needs.length === 0) {
        await call(route, route.slice('GET '.length));
      }
    }
    const exported = await call('GET /v1/export', '/v1/export');
    await call('POST /v1/import', '/v1/import', exported.text);
    await call('POST /v1/import', '/v1/import', 'nonsense\n');
    const page = await call('GET /v1/records', '/v1/records?state=passed&kind=pair&limit=1');
    // It has just been checked.
    const { records } = JSON.parse(page.text) as { readonly records: readonly { id: string }[] };
    const id = records[0]?.id ?? assert.fail('there is no record');
    await call('GET /v1/records', '/v1/records?limit=0');
    await call(
      'GET /v1/records',
      '/v1/records?sort=first&reverse=true&kind=triplet&newer-than=600',
    );
    await call('GET /v1/statistics', '/v1/statistics?last-seconds=3600&step-seconds=60');
    await call('GET /v1/statistics', '/v1/statistics?step-seconds=61');
    await call('POST /v1/compact', '/v1/compact');
    await call('GET /v1/records/{id}', `/v1/records/${id}`);
    await call('GET /v1/records/{id}', '/v1/records/eA');
    await call('POST /v1/records/{id}/pass', `/v1/records/${id}/pass`);
    const waiting = await call('GET /v1/records', '/v1/records?state=pending&kind=pair&limit=1');
    const [other] = (JSON.parse(waiting.text) as { readonly records: readonly { id: string }[] })
      .records;
    const otherPath = `/v1/records/${other?.id ?? ''}`;
    const passed = await call('POST /v1/records/{id}/pass', `${otherPath}/pass`);
    const { undo } = JSON.parse(passed.text) as { readonly undo: { record: object; tag: string } };
    const tag = { 'if-match': `"${undo.tag}"` };
    await call('PUT /v1/records/{id}', otherPath, JSON.stringify(undo.record), tag);
    await call('PUT /v1/records/{id}', otherPath, JSON.stringify(undo.record), tag);
    await call('POST /v1/pass', '/v1/pass?client=192.0.2.0/24&dry-run=true');
    await call('POST /v1/pass', '/v1/pass');
    await call('DELETE /v1/records/{id}', `/v1/records/${id}`);
    const query = '/v1/exceptions?client=192.0.2.1&sender=@b.example&for-seconds=60';
    const added = await call('POST /v1/exceptions', query);
    await call('POST /v1/exceptions', '/v1/exceptions?spf=true&sender=@c.example&for-seconds=60');
    await call('GET /v1/exceptions', '/v1/exceptions');
    // It has just been checked.
    const exception = JSON.parse(added.text) as { readonly id: string };
    await call('DELETE /v1/exceptions/{id}', `/v1/exceptions/${exception.id}`);
    await call('POST /v1/reload', '/v1/reload');
    assert.deepEqual([...asked].sort(), [...documented.keys()].sort());
    const done = new Set(
      statuses.filter((line) => line.startsWith('2')).map((line) => line.slice(4)),
    );
    // A daemon in a test has no configuration to read again.
    assert.deepEqual(
      [...documented.keys()].filter((route) => !done.has(route)),
      ['POST /v1/reload'],
    );
  });
});
