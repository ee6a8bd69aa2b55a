import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test, type TestContext } from 'node:test';

import { createHostLookup } from '../../../src/lookups/host-lookup.js';
import { DnsResolver } from '../../../src/lookups/dns.js';
import { LookupLog } from '../../../src/lookups/lookup-log.js';
import { UrlLookups, type UrlServer } from '../../../src/lookups/url-lookups.js';
import { createManualClock } from '../../support/manual-clock.js';
import { startWebServer } from '../../support/web-server.js';

/** Short enough for tests that wait for it, long enough for a busy machine. */
const TIMEOUT_MS = 500;

function rig(t: TestContext, server: Partial<UrlServer> = {}) {
  const clock = createManualClock();
  const warnings: string[] = [];
  const log = new LookupLog({ warn: (_, { problem }) => void warnings.push(problem ?? '') }, clock);
  // Nobody is asked: names of the tests are addresses, or localhost.
  const dns = new DnsResolver({ servers: ['127.0.0.1:9'], timeoutMs: 5_000, clock });
  const urls = new UrlLookups({
    servers: { check: { timeoutMs: 5_000, connections: 2, ...server } },
    lookup: createHostLookup(dns, 5_000),
    clock,
    log,
  });
  t.after(() => urls.close());
  const ask = async (url: string, message?: Uint8Array) => {
    const answer = await urls.ask({ name: 'check', url, message });
    return answer.known ? answer.value : answer.problem;
  };
  return { ask, clock, urls, warnings };
}

describe('what a web server says', () => {
  test('is lines with a name and a value, and is asked for once for a while', async (t) => {
    const { ask, clock } = rig(t);
    const server = await startWebServer(t, (_, response) =>
      response.end('milterGreylistStatus: Ok\r\n\r\nnothing\nquota:  5 GB \n'),
    );
    const lines = [
      ['milterGreylistStatus', 'Ok'],
      ['quota', '5 GB'],
    ];
    const [one, other] = await Promise.all([
      ask(`${server.url}/a?b=%20`),
      ask(`${server.url}/a?b=%20`),
    ]);
    assert.deepEqual([one, other], [lines, lines]);
    assert.deepEqual(await ask(`${server.url}/a?b=%20`), lines);
    assert.deepEqual(
      server.requests.map(({ method, url }) => `${method} ${url}`),
      ['GET /a?b=%20'],
    );
    clock.advance(10_001);
    await ask(`${server.url}/a?b=%20`);
    assert.equal(server.requests.length, 2);
    assert.equal(server.connections(), 1);
  });

  test('is asked through so many connections, also by its name', async (t) => {
    const { ask } = rig(t);
    const held: (() => void)[] = [];
    const server = await startWebServer(t, ({ url }, response) => {
      held.push(() => response.end(`path: ${url}`));
      if (held.length === 2) for (const go of held.splice(0)) go();
    });
    const byName = server.url.replace('127.0.0.1', 'localhost');
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => ask(`${byName}/${n}`)));
    assert.deepEqual(
      answers.flat(),
      [1, 2, 3, 4, 5, 6].map((n) => ['path', `/${n}`]),
    );
    assert.equal(server.atATime(), 2);
    assert.equal(server.connections(), 2);
  });

  test('may be about a message that is posted, which is another one each time', async (t) => {
    const { ask } = rig(t);
    const server = await startWebServer(t, (_, response) => response.end('a: b'));
    const message = Buffer.from('Subject: x\r\n\r\n\xff\0--\r\n', 'latin1');
    await ask(server.url, message);
    await ask(server.url, message);
    assert.equal(server.requests.length, 2);
    const [request] = server.requests;
    const type = request?.headers['content-type'] ?? '';
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(type)?.[1] ?? '';
    const head =
      `--${boundary}\r\nContent-Disposition: form-data; name="msg"; filename="msg.txt"\r\n` +
      'Content-Type: message/rfc822\r\n\r\n';
    const parts = [Buffer.from(head), message, Buffer.from(`\r\n--${boundary}--\r\n`)];
    assert.deepEqual(request?.body, Buffer.concat(parts));
  });

  test('is nothing where nothing is there', async (t) => {
    const { ask } = rig(t);
    const server = await startWebServer(t, (_, response) => {
      response.statusCode = 404;
      response.end('milterGreylistStatus: Ok');
    });
    assert.deepEqual(await ask(server.url), []);
  });
});

describe('a web server that does not work', () => {
  for (const [code, problem] of [
    [302, 'check: it answers 302, and redirections are not followed'],
    [500, 'check: it answers 500'],
  ] as const)
    test(`answers ${code}: that is no answer, and nobody is followed`, async (t) => {
      const { ask, warnings, clock } = rig(t);
      const server = await startWebServer(t, (_, response) => {
        response.writeHead(code, { location: '/elsewhere' });
        response.end('a: b');
      });
      assert.equal(await ask(server.url), problem);
      // It is not remembered either, but told of once.
      assert.equal(await ask(server.url), problem);
      assert.deepEqual([server.requests.length, warnings.length], [2, 1]);
      clock.advance(60_001);
      await ask(server.url);
      assert.equal(warnings.length, 2);
    });

  test('says too much', async (t) => {
    const { ask } = rig(t);
    const server = await startWebServer(t, ({ url }, response) => {
      const size = Number(url.slice(1));
      response.end('x'.repeat(size));
    });
    assert.deepEqual(await ask(`${server.url}/4096`), []);
    const problem = 'check: its answer is longer than 4096 bytes';
    assert.equal(await ask(`${server.url}/4097`), problem);
    assert.equal(await ask(`${server.url}/1000000`), problem);
  });

  for (const [what, begin] of [
    ['never answers', () => undefined],
    [
      'stops in the middle',
      (response: { write(text: string): void }) => response.write('milterGreylistStatus: Ok\n'),
    ],
  ] as const)
    test(what, async (t) => {
      const { ask } = rig(t, { timeoutMs: TIMEOUT_MS, connections: 1 });
      const server = await startWebServer(t, (_, response) => {
        begin(response);
      });
      // The second one waits for the first one's connection, and gives up as well.
      const answers = await Promise.all([ask(`${server.url}/1`), ask(`${server.url}/2`)]);
      assert.deepEqual(answers, ['check: no answer in time', 'check: no answer in time']);
    });

  test('hangs up, speaks no HTTP, or is not there', async (t) => {
    const { ask } = rig(t);
    for (const greeting of ['', '220 mail.example ESMTP\r\n']) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.resume();
        socket.end(greeting);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      assert.ok(typeof address === 'object' && address !== null);
      const url = `http://127.0.0.1:${address.port}/`;
      assert.match(
        String(await ask(url)),
        /^check: (?:socket hang up|Parse Error|read ECONNRESET)/,
      );
      await new Promise((resolve) => server.close(resolve));
      assert.match(String(await ask(url)), /ECONNREFUSED/);
    }
  });

  test('is told of with nothing of the web for a URL, or an unknown name', async (t) => {
    const { ask, urls } = rig(t);
    assert.match(String(await ask('file:///etc/passwd')), /it is no URL of the web/);
    assert.match(String(await ask('http://')), /Invalid URL/);
    assert.match(
      String(await ask('http://nobody.invalid/')),
      /no address is known of nobody.invalid/,
    );
    const unknown = await urls.ask({ name: 'other', url: 'http://127.0.0.1/' });
    assert.deepEqual(unknown, { known: false, problem: 'there is no URL other' });
  });

  test('and the log does not say what a mail has made of its place', async (t) => {
    const { ask, warnings } = rig(t);
    assert.match(String(await ask('http://sally-secret.sender.invalid/')), /sally-secret/);
    assert.match(String(await ask('sally-secret:x')), /it is no URL of the web/);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /…/);
    assert.doesNotMatch(warnings.join(), /sally-secret|sender/);
  });

  test('is given up when the lookups end', async (t) => {
    const { ask, urls } = rig(t);
    const server = await startWebServer(t, () => urls.close());
    assert.match(String(await ask(server.url)), /aborted|hang up/);
  });
});
