import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';

import { AdminClient } from '../../src/admin/admin-client.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail } from './smtp-session.js';

const ADMIN = 'admin-0123456789-abcdefghij';
const SCRAPER = 'scraper-0123456789-abcdefghij';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asAdmin = { ...bearer(ADMIN), 'content-type': 'application/json' };

interface Site {
  readonly daemon: TestDaemon;
  readonly port: number;
  readonly tokenFile: string;
  /** Certificate and key, where the site has TLS. */
  readonly ca: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function portOf({ daemon }: TestDaemon): number {
  const at = daemon.listeners.find(({ protocol }) => protocol === 'http')?.address;
  return Number(/^inet:(\d+)@/.exec(at ?? '')?.[1]);
}

function makeCertificate(directory: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = '-x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2'.split(' ');
  execFileSync('openssl', ['req', ...curve, ...names, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { cert, key };
}

async function start(
  t: TestContext,
  settings: readonly string[] = [],
  tls?: { readonly cert: string; readonly key: string },
): Promise<Site> {
  const directory = createTempDirectory(t);
  const tokenFile = join(directory, 'tokens');
  writeFileSync(tokenFile, `admin ${ADMIN}\nprometheus ${SCRAPER} read\n`, { mode: 0o600 });
  const secured = tls && [`http.tls={certificate: ${tls.cert}, key: ${tls.key}}`];
  const overrides = ['listen.http=inet:0@127.0.0.1', `http.token-file=${tokenFile}`].concat(
    secured ?? [],
    settings,
  );
  const daemon = await startTestDaemon(t, { overrides });
  return { daemon, port: portOf(daemon), tokenFile, ca: tls?.cert };
}

/** One question, over a connection of its own. */
function ask({ port }: Pick<Site, 'port'>, path: string, more: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = more;
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const outgoing = plainRequest(options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.once('error', reject).once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** `401 ADMIN_TOKEN` of an answer that must be a problem. */
function problemOf({ status, headers, text }: Answer): string {
  assert.equal(headers['content-type'], 'application/problem+json', text);
  // Problem details.
  const problem = JSON.parse(text) as { readonly status: number; readonly code: string };
  assert.equal(problem.status, status);
  return `${status} ${problem.code}`;
}

/** All that comes until the other end closes. */
function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined).once('close', () => resolve(text));
  });
}

const audits = ({ logger }: TestDaemon) =>
  logger.entries.filter(({ message }) => message === 'admin request').map(({ fields }) => fields);

describe('over TCP', () => {
  test('whoever has a token reads, and nobody else', async (t) => {
    const site = await start(t);
    for (const path of [
      '/v1/status',
      '/v1/records',
      '/v1/export',
      '/v1/openapi.json',
      '/metrics',
    ]) {
      assert.equal((await ask(site, path, { headers: bearer(SCRAPER) })).status, 200, path);
      const refused = await ask(site, path);
      assert.equal(problemOf(refused), '401 ADMIN_TOKEN', path);
      assert.equal(refused.headers['www-authenticate'], 'Bearer realm="greymilter"');
    }
    const wrong = ['Bearer', 'Bearer x', `Bearer ${ADMIN}x`, `Bearer ${ADMIN.slice(1)}`].concat([
      `Basic ${ADMIN}`,
      ADMIN,
    ]);
    for (const authorization of wrong) {
      const answer = await ask(site, '/v1/status', { headers: { authorization } });
      assert.equal(problemOf(answer), '401 ADMIN_TOKEN', authorization);
    }
    // Written in another way it is the same place.
    for (const path of ['/%76%31/status', '//v1/status', '/v1/../v1/status', '/nowhere']) {
      assert.equal(problemOf(await ask(site, path)), '401 ADMIN_TOKEN', path);
    }
    const refusal = site.daemon.logger.take('admin request refused');
    assert.deepEqual(refusal.fields, { code: 'ADMIN_TOKEN', peer: '127.0.0.1', times: undefined });
  });

  test('health is told to everybody, and what is wrong to those with a token', async (t) => {
    const site = await start(t);
    assert.deepEqual(JSON.parse((await ask(site, '/health')).text), { status: 'ok' });
    assert.deepEqual(JSON.parse((await ask(site, '/ready')).text), { status: 'ready' });
    const told = await ask(site, '/health', { headers: bearer(SCRAPER) });
    assert.deepEqual(JSON.parse(told.text), { status: 'ok', mode: 'enforce', impairments: [] });
  });

  test('whoever calls it by the name of somebody else is refused', async (t) => {
    const site = await start(t, ['http.hosts=[filter.example.org]']);
    for (const host of ['evil.example', 'localhost', 'filter.example.org.evil.example']) {
      const answer = await ask(site, '/health', { headers: { host, ...bearer(ADMIN) } });
      assert.equal(problemOf(answer), '421 ADMIN_HOST', host);
    }
    for (const host of ['Filter.example.org:8025', '127.0.0.1', '[::1]:1']) {
      assert.equal((await ask(site, '/health', { headers: { host } })).status, 200, host);
    }
    const socket = connect(site.port, '127.0.0.1');
    const answer = readAll(socket);
    socket.write('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
    assert.match(await answer, /^HTTP\/1\.1 421 [^]*ADMIN_HOST/);
    site.daemon.logger.take('admin request refused');
  });

  test('nothing can be changed unless http.write says so', async (t) => {
    const site = await start(t);
    const answer = await ask(site, '/v1/reload', { method: 'POST', headers: asAdmin });
    assert.equal(problemOf(answer), '403 ADMIN_READ_ONLY');
    const forgotten = await ask(site, '/v1/records/eA', { method: 'DELETE', headers: asAdmin });
    assert.equal(problemOf(forgotten), '403 ADMIN_READ_ONLY');
  });

  test('with http.write what is changed leaves a line that says who, what and how much', async (t) => {
    const site = await start(t, ['http.write=true']);
    const { daemon } = site;
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'a@one.example', to: ['x@example.org', 'y@example.org'] });
    await peer.quit();
    const pass = '/v1/pass?sender=a@one.example';
    const post = (path: string, headers: Readonly<Record<string, string>>) =>
      ask(site, path, { method: 'POST', headers });
    const dry = await post(`${pass}&dry-run=true`, asAdmin);
    assert.deepEqual(JSON.parse(dry.text), { records: 2, triplets: 2 });
    assert.equal((await post(pass, asAdmin)).status, 200);
    assert.equal(
      problemOf(await post(pass, { ...asAdmin, ...bearer(SCRAPER) })),
      '403 ADMIN_READ_ONLY',
    );
    const who = { by: 'admin', peer: '127.0.0.1' };
    assert.deepEqual(audits(daemon), [
      { ...who, what: `POST ${pass}&dry-run=true`, records: 0, status: 200 },
      { ...who, what: `POST ${pass}`, records: 2, status: 200 },
      { ...who, by: 'prometheus', what: `POST ${pass}`, records: undefined, status: 403 },
    ]);
    const client = new AdminClient(join(daemon.directory, 'db.sock'));
    t.after(() => client.close());
    await client.post('/v1/pass?sender=@one.example');
    const last = audits(daemon).at(-1);
    assert.equal(last?.['by'], 'admin socket');
    assert.equal(last['peer'], undefined);
  });

  test('a form of a page somewhere else changes nothing, and hears of no permission', async (t) => {
    const site = await start(t, ['http.write=true']);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const headers = { ...bearer(ADMIN), 'content-type': type };
      const answer = await ask(site, '/v1/pass?sender=a@b.example', { method: 'POST', headers });
      assert.equal(problemOf(answer), '415 ADMIN_CONTENT_TYPE', type);
    }
    const preflight = await ask(site, '/v1/pass', {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    assert.equal(problemOf(preflight), '400 ADMIN_BAD_REQUEST');
    const names = Object.keys(preflight.headers).filter((name) =>
      name.startsWith('access-control'),
    );
    assert.deepEqual(names, []);
  });

  test('a reload brings other tokens, and takes the old ones away', async (t) => {
    const site = await start(t);
    const { daemon, tokenFile, port } = site;
    writeFileSync(tokenFile, `admin ${ADMIN.toUpperCase()}\n`);
    await daemon.reload({});
    assert.equal(portOf(daemon), port);
    assert.equal((await ask(site, '/v1/status', { headers: bearer(ADMIN) })).status, 401);
    const headers = bearer(ADMIN.toUpperCase());
    assert.equal((await ask(site, '/v1/status', { headers })).status, 200);
    writeFileSync(tokenFile, 'admin short\n');
    await assert.rejects(daemon.reload({}), { code: 'HTTP_TOKEN_FILE' });
    chmodSync(tokenFile, 0o644);
    await assert.rejects(daemon.reload({}), { code: 'SECRET_EXPOSED' });
    assert.equal((await ask(site, '/v1/status', { headers })).status, 200);
    daemon.logger.take('admin request refused');
  });
});

describe('a hostile peer over TCP', () => {
  test('that sends a huge body is refused before it has sent it', async (t) => {
    const site = await start(t, ['http.write=true']);
    const socket = connect(site.port, '127.0.0.1');
    const answer = readAll(socket);
    socket.write(`POST /v1/pass HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN}\r\n`);
    socket.write('Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{');
    assert.match(await answer, /^HTTP\/1\.1 413 [^]*ADMIN_TOO_LARGE/);
  });

  test('that sends a body without an end is refused', async (t) => {
    const site = await start(t, ['http.write=true']);
    const socket = connect(site.port, '127.0.0.1');
    const answer = readAll(socket);
    socket.write(`POST /v1/pass HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN}\r\n`);
    socket.write('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n');
    assert.match(await answer, /^HTTP\/1\.1 413 [^]*ADMIN_TOO_LARGE/);
  });

  test('that sends a body without a token is cut off', async (t) => {
    const site = await start(t);
    const socket = connect(site.port, '127.0.0.1');
    const answer = readAll(socket);
    socket.write(
      'POST /v1/import HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    assert.match(await answer, /^HTTP\/1\.1 401 /);
    site.daemon.logger.take('admin request refused');
  });

  for (const [name, sent, status] of [
    [
      'headers of 100 kB',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n`,
      431,
    ],
    ['no HTTP', 'EHLO filter.example.org\r\n', 400],
    ['a TLS handshake in plain HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    [
      'a backslash in its path',
      'GET /\\evil HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ] as const) {
    test(`that sends ${name} hears of a problem`, async (t) => {
      const site = await start(t);
      const socket = connect(site.port, '127.0.0.1');
      const answer = readAll(socket);
      socket.write(sent);
      const text = await answer;
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(text, /application\/problem\+json[^]*ADMIN_BAD_HTTP/i);
    });
  }

  test('takes no connection away from the admin socket', async (t) => {
    const site = await start(t);
    const sockets = Array.from({ length: 80 }, () => connect(site.port, '127.0.0.1'));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    const closed = sockets.map((socket) => readAll(socket));
    // Those beyond the limit are closed.
    await Promise.race(closed);
    site.daemon.logger.take('too many admin connections: closed');
    const client = new AdminClient(join(site.daemon.directory, 'db.sock'));
    t.after(() => client.close());
    assert.equal((await client.read('/v1/status'))['mode'], 'enforce');
  });
});

describe('with TLS', () => {
  const options = (site: Site, path: string, ca: string) => ({
    ...{ host: '127.0.0.1', port: site.port, path, headers: bearer(ADMIN), agent: false },
    ca: execFileSync('cat', [ca]),
  });
  const askSecurely = (site: Site, ca: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = secureRequest(options(site, '/v1/status', ca), (incoming) => {
        incoming.resume().once('end', () => resolve(incoming.statusCode ?? 0));
      });
      outgoing.once('error', reject).end();
    });

  test('it answers in TLS alone, and a reload brings another certificate', async (t) => {
    const [first, second] = [createTempDirectory(t), createTempDirectory(t)].map(makeCertificate);
    assert.ok(first !== undefined && second !== undefined);
    const site = await start(t, [], first);
    assert.equal(await askSecurely(site, first.cert), 200);
    await assert.rejects(ask(site, '/v1/status', { headers: bearer(ADMIN) }));
    await assert.rejects(askSecurely(site, second.cert), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const tls = `http.tls={certificate: ${second.cert}, key: ${second.key}}`;
    await site.daemon.reload({ overrides: [tls] });
    assert.equal(await askSecurely(site, second.cert), 200);
  });

  test('old versions are refused, and whoever has spoken something else is gone', async (t) => {
    const certificate = makeCertificate(createTempDirectory(t));
    const site = await start(t, [], certificate);
    const old = connectTls({
      ...{ host: '127.0.0.1', port: site.port, rejectUnauthorized: false },
      ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    await assert.rejects(
      new Promise((resolve, reject) => old.once('error', reject).once('secureConnect', resolve)),
    );
    const socket = connect(site.port, '127.0.0.1');
    const answer = readAll(socket);
    socket.write('GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.doesNotMatch(await answer, /HTTP/);
    await waitUntil(() => old.destroyed, 'the old version to be closed');
  });

  test('a key that belongs to another certificate keeps it from starting', async (t) => {
    const [first, second] = [createTempDirectory(t), createTempDirectory(t)].map(makeCertificate);
    assert.ok(first !== undefined && second !== undefined);
    const mixed = { cert: first.cert, key: second.key };
    await assert.rejects(start(t, [], mixed), { code: 'HTTP_CERTIFICATE' });
    const missing = { cert: first.cert, key: `${second.key}.nowhere` };
    await assert.rejects(start(t, [], missing), { code: 'HTTP_CERTIFICATE' });
  });
});
