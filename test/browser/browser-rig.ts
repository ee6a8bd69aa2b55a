import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

import { packageVersion } from '../../src/daemon/process/version.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { TestDaemon, type TestDaemonOptions } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import type { SampleStore } from './sample-store.js';

/** A browser, a daemon, and what connects them. */
export interface BrowserRig {
  readonly browser: Browser;
  readonly daemon: TestDaemon;
  /** Of the page. */
  readonly url: string;
}

/** Registers what is to be done in the end. */
interface CleanUp {
  after(stop: () => Promise<void>): void;
}

/** Debian's; the tests are for a browser that people have. */
const CHROMIUM = '/usr/bin/chromium';

/** Names that are this machine to the browser; it asks no name server, whatever it is told to open. */
export const nameOf = { filter: 'filter.example.org', stranger: 'stranger.example' } as const;

const resolverRules = [
  ...Object.values(nameOf).map((name) => `MAP ${name} 127.0.0.1`),
  'MAP * ~NOTFOUND',
  'EXCLUDE 127.0.0.1',
].join(', ');

/**
 * Starts a daemon on a store that was filled before, and a browser that finds its page: where the
 * daemon itself listens on TCP, or else its admin socket at a port of loopback.
 *
 * @param fill is given the store, and the time that the daemon takes for now
 * @param options of the daemon, and a browser that runs already
 */
export async function startRig(
  cleanUp: CleanUp,
  fill: (store: SampleStore, now: number) => Promise<void>,
  options: TestDaemonOptions & { readonly browser?: Browser } = {},
): Promise<BrowserRig> {
  // The page compares times with the clock of the browser, which is the machine's.
  const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
  const daemon = new TestDaemon({ version: packageVersion(), ...options, clock });
  cleanUp.after(() => daemon.dispose());
  const store = await openLevelStore({
    path: join(daemon.directory, 'db'),
    durability: 'process',
    clock,
  });
  await fill(store, clock.now());
  await store.close();
  await daemon.start();
  const url = tcpUrl(daemon) ?? (await openBridge(cleanUp, join(daemon.directory, 'db.sock')));
  const browser = options.browser ?? (await launchBrowser(cleanUp));
  return { browser, daemon, url };
}

/** Starts the browser alone, for several rigs. */
export async function launchBrowser(cleanUp: CleanUp): Promise<Browser> {
  // Chromium's own sandbox does not run as root; all it gets to see is our page.
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=${resolverRules}`],
    timeout: 120_000,
  });
  cleanUp.after(() => browser.close());
  return browser;
}

function tcpUrl({ daemon }: TestDaemon): string | undefined {
  const address = daemon.listeners.find(({ protocol }) => protocol === 'http')?.address;
  const port = /^inet:(\d+)@/.exec(address ?? '')?.[1];
  return port === undefined ? undefined : `http://127.0.0.1:${port}/`;
}

/** Passes bytes between a port of loopback and an admin socket; returns the URL of the page. */
export async function openBridge(cleanUp: CleanUp, path: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

/** What went wrong in a page while it was looked at. */
export interface Watched {
  readonly page: Page;
  /** Errors of scripts, refusals of the content security policy, dialogs, requests to elsewhere. */
  readonly troubles: string[];
}

/** Opens the page, and waits until it shows something. */
export async function openPage(
  rig: BrowserRig,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await rig.browser.newContext({
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const watched = await watchPage(context, rig.url);
  await watched.page.goto(rig.url);
  await isShown(watched.page);
  return watched;
}

/** An empty page that is watched. @param url where it is to stay */
export async function watchPage(context: BrowserContext, url: string): Promise<Watched> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) troubles.push(`asks ${request.url()}`);
  });
  return { page, troubles };
}

/** Waits until the page shows what it is for. */
export async function isShown(page: Page): Promise<void> {
  await page.locator('#health-list table').first().waitFor();
  await page.locator('#decisions canvas').waitFor();
}

/** What axe-core finds, by the id of the rule and the element. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  const file = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // By the debugger's way, which the policy of the page does not bind.
  await page.evaluate(readFileSync(file, 'utf8'));
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)))`,
  );
  assert.ok(Array.isArray(found));
  return found.map(String);
}
