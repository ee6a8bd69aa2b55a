import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';

import { createTempDirectory } from '../support/temp-directory.js';
import { startWebServer, type WebServer } from '../support/web-server.js';
import { isShown, launchBrowser, nameOf } from './browser-rig.js';
import {
  ADMIN,
  audits,
  contextOf,
  enter,
  open,
  REFUSED,
  startOverTcp,
  waiting,
} from './tcp-rig.js';

/** What it writes about a header that has no meaning to a name without TLS. */
const ONLY_WITH_TLS = 'The Cross-Origin-Opener-Policy header has been ignored';

/** A page of somebody else, who tries what a page may try. */
async function startStranger(t: TestContext, target: string): Promise<WebServer> {
  const page = `<!doctype html><body>
    <form id="form" method="post" target="sink" enctype="text/plain"
      action="${target}v1/pass?sender=@shop.example"><input name="{" value="}" /></form>
    <iframe name="sink"></iframe>
    <iframe id="framed" src="${target}"></iframe>`;
  return await startWebServer(t, ({ url }, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(url === '/' ? page : '');
  });
}

/** Tries to write by all means of a page; resolves to what each came to. */
const attack = (target: string): string => `(async () => {
  const write = '${target}v1/pass?sender=@shop.example';
  const token = { authorization: 'Bearer ${ADMIN}' };
  const come = (asked) => asked.then(({ type, status }) => type + ' ' + status, () => 'refused');
  document.getElementById('form').submit();
  return {
    form: await come(fetch(write, { method: 'POST', mode: 'no-cors', body: 'a=b' })),
    json: await come(fetch(write, { method: 'POST', headers: { 'content-type': 'application/json' } })),
    // Though it had the token.
    token: await come(fetch(write, { method: 'POST', headers: { ...token, 'content-type': 'application/json' } })),
    read: await come(fetch('${target}v1/records', { headers: token })),
    page: await come(fetch('${target}')),
    storage: JSON.stringify({ ...sessionStorage }),
  };
})()`;

describe('against strangers', () => {
  const stops: (() => Promise<void>)[] = [];
  let browser: Browser;
  // It takes longer to start than a test takes.
  before(async () => {
    browser = await launchBrowser({ after: (stop) => void stops.push(stop) });
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  test('runs no script but its own, and sends nothing to anybody else', async (t) => {
    const site = await startOverTcp(t, browser);
    const other = await startWebServer(t, (_, response) => response.end('window.ran = true'));
    const { page } = await open(site, await contextOf(t, site));
    await enter(page, ADMIN);
    await isShown(page);
    const wanted = ['img-src', 'frame-src', 'style-src-elem', 'form-action', 'connect-src'].concat([
      ...['innerHTML', 'setTimeout', 'require-trusted-types-for', 'onclick', 'fetch'],
    ]);
    const refused: unknown = await page.evaluate(`(async () => {
      const refused = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        refused.push(effectiveDirective));
      const add = (name, attributes) =>
        document.body.append(Object.assign(document.createElement(name), attributes));
      try { document.body.innerHTML = '<p>'; } catch { refused.push('innerHTML'); }
      try { setTimeout('window.ran = true'); } catch { refused.push('setTimeout'); }
      const text = document.createTextNode('window.ran = true');
      const script = document.createElement('script');
      script.append(text);
      document.body.append(script);
      try { document.body.setAttribute('onclick', 'window.ran = true'); } catch { refused.push('onclick'); }
      document.body.click();
      add('img', { src: '${other.url}/image' });
      add('iframe', { src: '${other.url}/frame' });
      add('link', { rel: 'stylesheet', href: '${other.url}/style' });
      const form = Object.assign(document.createElement('form'), { action: '${other.url}/form', method: 'post' });
      document.body.append(form);
      form.submit();
      await fetch('${other.url}/fetch', { mode: 'no-cors' }).catch(() => refused.push('fetch'));
      navigator.sendBeacon('${other.url}/beacon', 'x');
      const wanted = ${JSON.stringify(wanted)};
      for (let round = 0; round < 600 && !wanted.every((each) => refused.includes(each)); round++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return refused;
    })()`);
    assert.ok(Array.isArray(refused));
    assert.deepEqual(
      wanted.filter((each) => !refused.includes(each)),
      [],
      refused.join(),
    );
    assert.equal(await page.evaluate('window.ran'), undefined);
    assert.deepEqual(other.requests, []);
    site.daemon.logger.takeAll('admin request refused');
  });

  describe('a page of somebody else in the same browser', () => {
    for (const name of [nameOf.stranger, '127.0.0.1']) {
      test(`at ${name} changes nothing, and sees nothing`, async (t) => {
        const site = await startOverTcp(t, browser, ['http.write=true']);
        const context = await contextOf(t, site);
        const { page } = await open(site, context);
        await enter(page, ADMIN);
        await isShown(page);
        const { url } = await startStranger(t, site.url);
        const stranger = await context.newPage();
        await stranger.goto(url.replace('127.0.0.1', name));
        const sent = stranger.waitForResponse((response) => response.frame().name() === 'sink');
        const refused = { json: 'refused', token: 'refused', read: 'refused', page: 'refused' };
        assert.deepEqual(await stranger.evaluate(attack(site.url)), {
          // A browser does not tell how it ended.
          form: 'opaque 0',
          ...refused,
          storage: '{}',
        });
        assert.equal((await sent).status(), 400);
        const frames = stranger.frames().map((frame) => frame.url());
        assert.ok(!frames.includes(site.url), frames.join());
        assert.equal(await waiting(site), 2);
        assert.deepEqual(audits(site), []);
        site.daemon.logger.takeAll('admin request refused');
      });
    }
  });

  describe('by its name', () => {
    test('the page is there under those in http.hosts, and under no other', async (t) => {
      const site = await startOverTcp(t, browser, [`http.hosts=[${nameOf.filter}]`]);
      const context = await contextOf(t, site);
      const url = site.url.replace('127.0.0.1', nameOf.filter);
      const { page, troubles } = await open({ url }, context);
      await enter(page, ADMIN);
      await isShown(page);
      assert.deepEqual(
        troubles.filter((text) => !REFUSED.test(text) && !text.startsWith(ONLY_WITH_TLS)),
        [],
      );
      // Somebody's name that has our address all of a sudden.
      const rebound = await context.newPage();
      const answer = await rebound.goto(site.url.replace('127.0.0.1', nameOf.stranger));
      assert.equal(answer?.status(), 421);
      assert.match(await rebound.innerText('body'), /stranger\.example:\d+\\" is no name/);
      const status: unknown = await rebound.evaluate(
        `fetch('/v1/records', { headers: { authorization: 'Bearer ${ADMIN}' } })
        .then((answer) => answer.status)`,
      );
      assert.equal(status, 421);
      site.daemon.logger.takeAll('admin request refused');
    });

    test('it is there in TLS as well', async (t) => {
      const directory = createTempDirectory(t);
      const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
      const words = '-x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2';
      const subject = ['-subj', `/CN=${nameOf.filter}`, '-keyout', key, '-out', cert];
      execFileSync('openssl', ['req', ...words.split(' '), ...subject], { stdio: 'ignore' });
      const site = await startOverTcp(t, browser, [
        `http.hosts=[${nameOf.filter}]`,
        `http.tls={certificate: ${cert}, key: ${key}}`,
      ]);
      const context = await contextOf(t, site, { ignoreHTTPSErrors: true });
      const url = site.url.replace('http://127.0.0.1', `https://${nameOf.filter}`);
      const { page, troubles } = await open({ url }, context);
      await enter(page, ADMIN);
      await isShown(page);
      assert.deepEqual(
        troubles.filter((text) => !REFUSED.test(text)),
        [],
      );
      site.daemon.logger.takeAll('admin request refused');
    });
  });
});
