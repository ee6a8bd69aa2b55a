import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import {
  startTestDaemon,
  type TestDaemon,
  type TestDaemonOptions,
} from '../support/daemon-harness.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail } from './smtp-session.js';

interface Answer {
  readonly allow: string | undefined;
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** One question, by hand. */
function ask(
  socketPath: string,
  method: string,
  path: string,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method, path, headers: { ...more.headers }, agent: false },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.once('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'],
            allow: incoming.headers.allow,
            text,
          });
        });
        incoming.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(more.body);
  });
}

const json = async (socket: string, path: string): Promise<Record<string, unknown>> => {
  const { status, text } = await ask(socket, 'GET', path);
  assert.equal(status, 200, text);
  // What the admin interface answers.
  return JSON.parse(text) as Record<string, unknown>;
};

async function start(
  t: TestContext,
  options: TestDaemonOptions = {},
): Promise<{ readonly daemon: TestDaemon; readonly socket: string }> {
  // Passes would make further records.
  const overrides = ['greylist.client-autowhite=off', ...(options.overrides ?? [])];
  const daemon = await startTestDaemon(t, { ...options, overrides });
  return { daemon, socket: join(daemon.directory, 'db.sock') };
}

/** Leaves records: two senders at two recipients, and one of them known. */
async function fill(daemon: TestDaemon): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from: 'a@one.example', to: ['x@example.org', 'y@example.org'] });
  await sendMail(peer, { from: 'b@two.example', to: ['x@example.org'] });
  daemon.clock.advance(300_000);
  await sendMail(peer, { from: 'b@two.example', to: ['x@example.org'] });
  await peer.quit();
}

interface Listed {
  readonly records: readonly Record<string, unknown>[];
  readonly next?: string;
}

async function list(socket: string, query = ''): Promise<Listed> {
  // What the admin interface answers.
  return (await json(socket, `/v1/records${query}`)) as unknown as Listed;
}

const shown = ({ records }: Listed): readonly string[] =>
  records.map(({ sender, recipient }) => `${String(sender)} ${String(recipient)}`).sort();

test('status tells how the daemon is', async (t) => {
  const { daemon, socket } = await start(t, { overrides: ['greylist.mode=enforce'] });
  daemon.clock.advance(90_000);
  const peer = await daemon.connect();
  await openSession(peer);
  const { version, uptimeSeconds, listening, connections, mode, store } = await json(
    socket,
    '/v1/status',
  );
  assert.deepEqual([version, uptimeSeconds, connections, mode], ['unknown', 90, 1, 'enforce']);
  assert.deepEqual(listening, daemon.addresses);
  assert.equal((store as Record<string, unknown>)['path'], join(daemon.directory, 'db'));
  peer.drop();
  const before = (await json(socket, '/v1/status'))['configuredAt'];
  daemon.clock.advance(1000);
  await daemon.reload({ overrides: ['greylist.mode=shadow'] });
  const after = await json(socket, '/v1/status');
  assert.equal(after['mode'], 'shadow');
  assert.notEqual(after['configuredAt'], before);
});

describe('records', () => {
  test('are listed, by sender, recipient, client, kind and state', async (t) => {
    const { daemon, socket } = await start(t);
    await fill(daemon);
    const all = [
      'a@one.example x@example.org',
      'a@one.example y@example.org',
      'b@two.example x@example.org',
    ];
    for (const [query, expected] of [
      ['', all],
      ['?sender=b@two.example', all.slice(2)],
      ['?sender=@one.example', all.slice(0, 2)],
      ['?sender=A@', all.slice(0, 2)],
      ['?sender=%3C%3E', []],
      ['?recipient=x@example.org', [all[0], all[2]]],
      ['?recipient=@example.org&sender=@two.example', all.slice(2)],
      ['?kind=pair', all],
      ['?kind=null-sender', []],
      ['?state=passed', all.slice(2)],
      ['?state=pending', all.slice(0, 2)],
      ['?state=ended', []],
      ['?client=192.0.2.0/24', all],
      ['?client=192.0.2.99', all],
      ['?client=198.51.100.0/24', []],
      ['?client=2001:db8::/32', []],
    ] as const)
      assert.deepEqual(shown(await list(socket, query)), expected, query);
  });

  test('come page by page, each once', async (t) => {
    const { daemon, socket } = await start(t);
    await fill(daemon);
    const seen: string[] = [];
    let page = await list(socket, '?limit=1');
    for (;;) {
      seen.push(...shown(page));
      if (page.next === undefined) break;
      page = await list(socket, `?limit=1&cursor=${page.next}`);
    }
    assert.deepEqual(seen.sort(), shown(await list(socket)));
  });

  test('are found, and forgotten, by their id, which the log tells', async (t) => {
    const { daemon, socket } = await start(t);
    await fill(daemon);
    const [record] = (await list(socket, '?state=passed')).records;
    const path = `/v1/records/${String(record?.['id'])}`;
    assert.deepEqual(await json(socket, path), record);
    assert.equal((await ask(socket, 'DELETE', path)).status, 204);
    assert.equal((await ask(socket, 'DELETE', path)).status, 404);
    assert.equal((await ask(socket, 'GET', path)).status, 404);
    assert.equal((await list(socket)).records.length, 2);
    const lines = daemon.logger.entries.filter(({ message }) => message === 'record forgotten');
    assert.match(String(lines[0]?.fields['record']), /"sender":"b@two\.example"/);
    assert.equal(lines.length, 1);
  });
});

describe('export and import', () => {
  test('bring all of one daemon to another; again changes nothing', async (t) => {
    const { daemon, socket } = await start(t);
    await fill(daemon);
    const exported = await ask(socket, 'GET', '/v1/export');
    assert.equal(exported.type, 'application/x-ndjson');
    assert.equal(exported.text.trim().split('\n').length, 4);

    const other = await start(t, { clock: daemon.clock });
    const headers = { 'content-type': 'application/x-ndjson' };
    const summaries: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const answer = await ask(other.socket, 'POST', '/v1/import', {
        headers,
        body: exported.text,
      });
      assert.equal(answer.status, 200);
      summaries.push(JSON.parse(answer.text.trim().split('\n').at(-1) ?? ''));
    }
    const none = { taken: 0, merged: 0, unchanged: 0, expired: 0, refused: 0 };
    assert.deepEqual(summaries, [
      { summary: { ...none, taken: 3 } },
      { summary: { ...none, unchanged: 3 } },
    ]);
    const again = await ask(other.socket, 'GET', '/v1/export');
    const sorted = ({ text }: Answer): readonly string[] => text.split('\n').slice(1).sort();
    assert.deepEqual(sorted(again), sorted(exported));
    const peer = await other.daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'b@two.example', to: ['x@example.org'] });
    assert.deepEqual(other.daemon.takeDecisions(), ['accept greylist-known <x@example.org>']);
    peer.drop();
    const said = other.daemon.logger.entries.filter(
      ({ message }) => message === 'records imported',
    );
    assert.deepEqual(
      said.map(({ fields }) => fields['taken']),
      [3, 0],
    );
  });

  test('tells of lines that it refuses', async (t) => {
    const { socket } = await start(t);
    const body = '{"format":"greymilter","version":1}\n{"kind":"x"}\nwhat?\n';
    const headers = { 'content-type': 'application/x-ndjson; charset=utf-8' };
    const { text } = await ask(socket, 'POST', '/v1/import', { headers, body });
    const lines = text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    assert.deepEqual(lines.slice(-3), [
      { refused: { line: 2, reason: 'of an unknown kind' } },
      { refused: { line: 3, reason: 'is no JSON' } },
      { summary: { taken: 0, merged: 0, unchanged: 0, expired: 0, refused: 2 } },
    ]);
  });

  test('a client that goes away ends its import, and what came is there', async (t) => {
    const { daemon, socket } = await start(t);
    await fill(daemon);
    const { text } = await ask(socket, 'GET', '/v1/export');
    const other = await start(t, { clock: daemon.clock });
    const raw = connect(other.socket);
    raw.write(
      'POST /v1/import HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\ncontent-length: 999999\r\n\r\n' +
        text,
    );
    await new Promise<void>((resolve) => {
      raw.on('data', (chunk: Buffer) =>
        chunk.toString().includes('"progress"') ? resolve() : undefined,
      );
    });
    raw.destroy();
    const { logger } = other.daemon;
    await waitUntil(() => logger.unexpected > 0, 'the import ends');
    logger.take('an import has ended early');
    assert.equal((await list(other.socket)).records.length, 3);
  });
});

describe('what makes no sense', () => {
  for (const [method, path, status, code] of [
    ['GET', '/nothing', 404, 'ADMIN_NOT_FOUND'],
    ['GET', '/v2/status', 404, 'ADMIN_NOT_FOUND'],
    ['POST', '/v1/status', 405, 'ADMIN_METHOD'],
    ['DELETE', '/v1/records', 405, 'ADMIN_METHOD'],
    ['PATCH', '/v1/records/AAAA', 405, 'ADMIN_METHOD'],
    ['DELETE', '/v1/records/', 404, 'ADMIN_NOT_FOUND'],
    ['GET', '/v1/records/AAAA', 404, 'ADMIN_NOT_FOUND'],
    ['GET', '/v1/records?limit=0', 400, 'ADMIN_BAD_REQUEST'],
    ['GET', '/v1/records?limit=1001', 400, 'ADMIN_BAD_REQUEST'],
    ['GET', '/v1/records?client=mx.example', 400, 'ADMIN_BAD_REQUEST'],
    ['GET', '/v1/records?state=known', 400, 'ADMIN_BAD_REQUEST'],
    ['GET', '/v1/records?cursor=x', 400, 'ADMIN_BAD_REQUEST'],
    ['GET', '/v1/records?from=x', 400, 'ADMIN_BAD_REQUEST'],
    ['POST', '/v1/import', 415, 'ADMIN_CONTENT_TYPE'],
  ] as const)
    test(`${method} ${path} is problem ${status}`, async (t) => {
      const { socket } = await start(t);
      const {
        status: told,
        type,
        text,
      } = await ask(socket, method, path, { body: method === 'POST' ? '{}' : '' });
      assert.deepEqual([told, type], [status, 'application/problem+json']);
      const problem = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual([problem['status'], problem['code']], [status, code]);
    });

  test('a method that a path does not take is told which it does', async (t) => {
    const { socket } = await start(t);
    const { status, allow, text } = await ask(socket, 'DELETE', '/v1/records');
    assert.deepEqual([status, allow], [405, 'GET, HEAD']);
    assert.match(text, /"title":"Method Not Allowed".*does not take DELETE, but GET, HEAD"/);
    assert.equal((await ask(socket, 'PATCH', '/v1/records/AAAA')).allow, 'DELETE, GET, HEAD, PUT');
    assert.equal((await ask(socket, 'GET', '/nothing')).allow, undefined);
  });

  for (const [body, code] of [
    ['hello\n', 'IMPORT_NOT_UNDERSTOOD'],
    ['{"format":"greymilter","version":9}\n', 'IMPORT_NEWER_FORMAT'],
  ] as const)
    test(`importing ${body.trim()} is problem 422`, async (t) => {
      const { socket } = await start(t);
      const headers = { 'content-type': 'application/x-ndjson' };
      const { status, text } = await ask(socket, 'POST', '/v1/import', { headers, body });
      assert.equal(status, 422);
      assert.match(text, new RegExp(code));
    });

  test('what is no HTTP is refused', async (t) => {
    const { socket } = await start(t);
    const raw = connect(socket);
    raw.write('EHLO me\r\n\r\n');
    let said = '';
    for await (const chunk of raw) said += String(chunk);
    assert.match(said, /^HTTP\/1\.1 400 /);
  });
});

describe('the socket', () => {
  test('is for its group alone, comes and goes with a reload, and with the daemon', async (t) => {
    const { daemon, socket } = await start(t);
    assert.equal(statSync(socket).mode & 0o777, 0o660);
    await daemon.reload({ overrides: ['listen.admin=null'] });
    assert.equal(statSync(socket, { throwIfNoEntry: false }), undefined);
    const moved = join(daemon.directory, 'moved.sock');
    await daemon.reload({
      overrides: [`listen.admin=unix:${moved}`, 'listen.admin-socket.mode="0600"'],
    });
    assert.equal(statSync(moved).mode & 0o777, 0o600);
    assert.equal((await ask(moved, 'GET', '/v1/status')).status, 200);
    assert.equal(daemon.addresses.length, 1);
    await daemon.stop();
    assert.equal(statSync(moved, { throwIfNoEntry: false }), undefined);
  });

  test('is not for the page of another site, also where it is forwarded to a port', async (t) => {
    const { socket } = await start(t);
    for (const host of ['127.0.0.1:8025', '[::1]:8025', 'localhost:8025']) {
      assert.equal((await ask(socket, 'GET', '/v1/status', { headers: { host } })).status, 200);
    }
    const renamed = await ask(socket, 'GET', '/v1/status', { headers: { host: 'evil.example' } });
    assert.equal(renamed.status, 421);
    assert.match(renamed.text, /ADMIN_HOST/);
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const forged = await ask(socket, 'POST', '/v1/reload', { headers });
      assert.equal(forged.status, 400, forged.text);
      assert.match(forged.text, /another site/);
    }
    const own = { host: '127.0.0.1:8025', origin: 'http://127.0.0.1:8025' };
    assert.doesNotMatch(
      (await ask(socket, 'POST', '/v1/compact', { headers: own })).text,
      /another/,
    );
  });

  test('a daemon that stops cuts who is connected', async (t) => {
    const { daemon, socket } = await start(t);
    await ask(socket, 'GET', '/v1/status');
    const raw = connect(socket);
    const closed = new Promise((resolve) => raw.once('close', resolve));
    raw.write('GET /v1/status HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await new Promise((resolve) => raw.once('data', resolve));
    await daemon.stop();
    await closed;
  });

  test('more than 64 connections are too many', async (t) => {
    const { daemon, socket } = await start(t);
    await ask(socket, 'GET', '/v1/status');
    const held = Array.from({ length: 64 }, () => connect(socket));
    await Promise.all(held.map((each) => new Promise((resolve) => each.once('connect', resolve))));
    await assert.rejects(ask(socket, 'GET', '/v1/status'));
    const { fields } = daemon.logger.take('too many admin connections: closed');
    assert.equal(fields['at'], 'listen.admin');
    for (const each of held) each.destroy();
  });
});

describe('the client', () => {
  test('tells a daemon that is not there from one that refuses', async (t) => {
    const { daemon, socket } = await start(t);
    const client = new AdminClient(socket);
    assert.equal((await client.read('/v1/status'))['mode'], 'enforce');
    await assert.rejects(client.read('/v1/records/x'), { code: 'ADMIN_NOT_FOUND' });
    await assert.rejects(client.read('/v1/records?limit=x'), { code: 'ADMIN_BAD_REQUEST' });
    client.close();
    const nobody = new AdminClient(join(daemon.directory, 'nobody.sock'));
    await assert.rejects(nobody.read('/v1/status'), { code: 'ADMIN_UNREACHABLE' });
    nobody.close();
  });

  test('tells what is no greymilter', async (t) => {
    const { daemon } = await start(t);
    const milter = new AdminClient(join(daemon.directory, 'milter.sock'));
    await assert.rejects(milter.read('/v1/status'), { code: 'ADMIN_UNREACHABLE' });
    milter.close();
    await waitUntil(() => daemon.logger.unexpected > 0, 'the filter objects');
    daemon.logger.takeAll();
  });
});
