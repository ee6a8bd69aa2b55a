import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test, type TestContext } from 'node:test';

import { createHostLookup } from '../../src/lookups/host-lookup.js';
import { DnsResolver } from '../../src/lookups/dns.js';
import { LdapLookups, type LdapServers } from '../../src/lookups/ldap-lookups.js';
import { LookupLog } from '../../src/lookups/lookup-log.js';
import type { LdapQuestion } from '../../src/rules/lookups.js';
import {
  skipWithoutDirectoryServer,
  startDirectoryServer,
  type DirectoryServer,
} from '../support/directory-server.js';
import { createManualClock } from '../support/manual-clock.js';

const ENTRIES = `dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,dc=example
objectClass: inetOrgPerson
objectClass: greylisted
uid: alice
cn: Alice
sn: A
mail: alice@example.org
mail: postmaster@example.org
milterGreylistDelay: 5m
jpegPhoto:: /9j/AAH+

dn: uid=star,ou=people,dc=example
objectClass: inetOrgPerson
uid: star
cn: Star (*)
sn: S
mail: a*b@example.org
`;

const alice: LdapQuestion = {
  base: 'ou=people,dc=example',
  scope: 'sub',
  filter: '(mail=alice@example.org)',
  attributes: ['mail', 'milterGreylistDelay'],
};

const skip = skipWithoutDirectoryServer();

function rig(t: TestContext, servers: Partial<LdapServers>) {
  const clock = createManualClock();
  const warnings: string[] = [];
  const log = new LookupLog(
    { warn: (_, { name, problem }) => void warnings.push(`${name ?? ''}: ${problem ?? ''}`) },
    clock,
  );
  const dns = new DnsResolver({ servers: ['127.0.0.1:9'], timeoutMs: 500, clock });
  const lookup = createHostLookup(dns, 500);
  const usual = { servers: [], timeoutMs: 5_000, connections: 2, bind: undefined };
  const ldap = new LdapLookups({ ...usual, ...servers, lookup, clock, log });
  t.after(() => ldap.close());
  const ask = async (question: Partial<LdapQuestion> = {}) => {
    const answer = await ldap.ask({ ...alice, ...question });
    return answer.known ? answer.value : answer.problem;
  };
  /** Why there is no answer; empty if there is one. */
  const problemOf = async (question: Partial<LdapQuestion> = {}) => {
    const answer = await ask(question);
    return typeof answer === 'string' ? answer : '';
  };
  return { ask, clock, ldap, problemOf, warnings };
}

/** Says nothing, ever, and counts who has come. */
async function startSilentServer(
  t: TestContext,
): Promise<{ readonly url: string; readonly visits: () => number }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `ldap://127.0.0.1:${port}`, visits: () => sockets.size };
}

describe('a directory', { skip }, () => {
  const withServer = async (t: TestContext, more: Partial<LdapServers> = {}) => {
    const server: DirectoryServer = await startDirectoryServer(t, ENTRIES);
    const { url, administrator: bind } = server;
    return { server, ...rig(t, { servers: [url], bind, ...more }) };
  };

  test('tells the values of what it finds, in text', async (t) => {
    const { ask } = await withServer(t);
    const values = [
      ['mail', 'alice@example.org'],
      ['mail', 'postmaster@example.org'],
      ['milterGreylistDelay', '5m'],
    ];
    assert.deepEqual(await ask(), { entries: 1, values });
    const all = await ask({ attributes: [] });
    assert.ok(typeof all === 'object');
    const names = all.values.map(([name]) => name);
    assert.ok(names.includes('uid') && !names.includes('dn') && !names.includes('jpegPhoto'));
  });

  test('is asked by scope and by escaped values', async (t) => {
    const { ask } = await withServer(t);
    const found = async (question: Partial<LdapQuestion>) => {
      const answer = await ask({ attributes: ['uid'], ...question });
      return typeof answer === 'string' ? answer : answer.values.map(([, value]) => value).sort();
    };
    assert.deepEqual(await found({ filter: '(mail=a\\2Ab@example.org)' }), ['star']);
    assert.deepEqual(await found({ filter: '(cn=Star \\28\\2A\\29)' }), ['star']);
    assert.deepEqual(await found({ filter: '(uid=*)', scope: 'base' }), []);
    assert.deepEqual(await found({ filter: '(uid=*)', scope: 'one' }), ['alice', 'star']);
    assert.deepEqual(await found({ filter: '(uid=nobody)' }), []);
  });

  test('is asked once for a while, by one connection after the other', async (t) => {
    const { ask, problemOf, clock, server } = await withServer(t, { connections: 1 });
    const first = await ask();
    assert.ok(typeof first === 'object');
    await Promise.all([1, 2, 3, 4].map((n) => ask({ filter: `(uid=${n})` })));
    await server.stop();
    assert.deepEqual(await ask(), first);
    clock.advance(10_001);
    assert.match(await problemOf(), /ECONNREFUSED/);
  });

  test('that has hung up meanwhile is asked by another connection', async (t) => {
    const { ask, clock, server, warnings } = await withServer(t);
    const first = await ask();
    await server.stop();
    await server.restart();
    clock.advance(10_001);
    assert.deepEqual(await ask(), first);
    assert.deepEqual(warnings, []);
  });

  test('may be away for a while', async (t) => {
    const { ask, problemOf, server, warnings, clock } = await withServer(t);
    await ask();
    clock.advance(10_001);
    await server.stop();
    assert.match(await problemOf(), /ECONNREFUSED/);
    assert.match(await problemOf(), /ECONNREFUSED/);
    assert.equal(warnings.length, 1);
    await server.restart();
    const back = await ask();
    assert.ok(typeof back === 'object' && back.entries === 1);
  });

  test('refuses who has the wrong password, and shows nothing to strangers', async (t) => {
    const { url, administrator } = await startDirectoryServer(t, ENTRIES);
    const wrong = rig(t, { servers: [url], bind: { ...administrator, password: 'x' } });
    assert.match(await wrong.problemOf(), /InvalidCredentialsError Code: 0x31/);
    const stranger = rig(t, { servers: [url] });
    const answer = await stranger.ask();
    assert.ok(typeof answer === 'string' || answer.entries === 0);
  });

  test('is wrongly asked: that is no answer', async (t) => {
    const { ask } = await withServer(t);
    assert.ok(typeof (await ask({ filter: '(mail=' })) === 'string');
    assert.ok(typeof (await ask({ base: 'no name' })) === 'string');
    const fine = await ask();
    assert.ok(typeof fine === 'object');
  });

  test('is the next one where one is silent, and the silent one is asked last then', async (t) => {
    const silent = await startSilentServer(t);
    const { url, administrator: bind } = await startDirectoryServer(t, ENTRIES);
    const { ask, warnings } = rig(t, { servers: [silent.url, url], bind, timeoutMs: 6_000 });
    assert.ok(typeof (await ask()) === 'object');
    assert.equal(silent.visits(), 1);
    assert.ok(typeof (await ask({ filter: '(uid=alice)' })) === 'object');
    assert.equal(silent.visits(), 1);
    assert.deepEqual(warnings, [`${silent.url}: no answer in time`]);
  });
});

describe('a directory that is never there', () => {
  test('is waited for no longer than it may take', async (t) => {
    const silent = await startSilentServer(t);
    const bind = { dn: 'cn=x', password: 'x' };
    const { problemOf } = rig(t, { servers: [silent.url], timeoutMs: 300, connections: 1, bind });
    const answers = await Promise.all([problemOf(), problemOf({ filter: '(uid=x)' })]);
    assert.match(answers[0], /no answer in time/);
    // It waited for the first one's connection, and there was no time left then.
    assert.match(answers[1], /no answer in time|no time was left|are busy/);
  });

  test('is not asked any more once the lookups end', async (t) => {
    const silent = await startSilentServer(t);
    const { problemOf, ldap } = rig(t, { servers: [silent.url] });
    const answer = problemOf();
    setImmediate(() => ldap.close());
    assert.match(await answer, /closed|no answer/);
    assert.match(await problemOf({ filter: '(uid=x)' }), /no time was left/);
  });
});
