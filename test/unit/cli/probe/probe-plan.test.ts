import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ProbeArguments } from '../../../../src/cli/probe/probe-options.js';
import { readProbePlan } from '../../../../src/cli/probe/probe-plan.js';
import { UsageError } from '../../../../src/cli/arguments/usage-error.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const address = '/s';

describe('a plan for a probe', () => {
  test('has defaults that are nobody', async () =>
    assert.deepEqual(await readProbePlan({ address }), {
      filter: { kind: 'unix', path: '/s' },
      as: 'postfix',
      client: { hostName: 'mail.example.org', family: 'inet', port: 40_000, address: '192.0.2.1' },
      helo: 'mail.example.org',
      from: '<sender@example.org>',
      to: ['<recipient@example.org>'],
      macros: {},
      hasData: false,
      timeoutMs: 10_000,
    }));

  test('takes all that it is told', async () =>
    assert.deepEqual(
      await readProbePlan({
        address: 'inet:10033@127.0.0.1',
        as: 'sendmail',
        client: '203.0.113.7:25',
        name: 'a.example',
        helo: 'b.example',
        from: '<x@example.net>',
        to: ['y@example.org', '<>'],
        macro: ['auth_authen=a=b', '{tls_version}=', 'i=4711'],
        data: true,
        timeout: '1m30s',
      }),
      {
        filter: { kind: 'inet', host: '127.0.0.1', port: 10_033, family: 4 },
        as: 'sendmail',
        client: { hostName: 'a.example', family: 'inet', port: 25, address: '203.0.113.7' },
        helo: 'b.example',
        from: '<x@example.net>',
        to: ['<y@example.org>', '<>'],
        macros: { '{auth_authen}': 'a=b', '{tls_version}': '', i: '4711' },
        hasData: true,
        timeoutMs: 90_000,
      },
    ));

  const clients: readonly (readonly [text: string, shown: string, port: number])[] = [
    ['203.0.113.7', '[203.0.113.7]', 40_000],
    ['203.0.113.7:0', '[203.0.113.7]', 0],
    ['2001:db8:0::7', '[2001:db8::7]', 40_000],
    ['[2001:db8::7]', '[2001:db8::7]', 40_000],
    ['[2001:db8::7]:25', '[2001:db8::7]', 25],
  ];
  for (const [client, hostName, port] of clients) {
    test(`a client of its own, ${client}, has no name without --name`, async () => {
      const plan = await readProbePlan({ address, client });
      assert.deepEqual([plan.client.hostName, plan.client.port], [hostName, port]);
      assert.equal(plan.client.address, hostName.slice(1, -1));
    });
  }

  test('a client with a name says it in HELO', async () => {
    const { helo } = await readProbePlan({ address, name: 'a.example' });
    assert.equal(helo, 'a.example');
  });

  test('without an address goes by a configuration', async (t) => {
    const config = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(config, 'listen: {milter: ["unix:/a", "unix:/b"]}\n');
    const { filter } = await readProbePlan({ config });
    assert.deepEqual(filter, { kind: 'unix', path: '/a' });
  });

  const wrong: readonly (readonly [args: ProbeArguments, message: RegExp])[] = [
    [{}, /^Which filter\? Write its address, .* or --config FILE$/],
    [{ address: 'x' }, /^ADDRESS x is not a socket address: write unix:/],
    [{ address: 'inet:0@127.0.0.1' }, /^ADDRESS has the port 0: /],
    [{ address, client: 'mail.example' }, /^--client mail\.example has "mail\.example" for an /],
    [{ address, client: '1.2.3.4:x' }, /^--client 1\.2\.3\.4:x has "x" for a port: /],
    [{ address, macro: ['i'] }, /^--macro i: write name=value, /],
    [{ address, macro: ['=x'] }, /^--macro =x: write name=value, /],
    [{ address, timeout: '5' }, /^--timeout 5 needs a unit: write the unit: 5s, /],
    [{ address, timeout: '0s' }, /^--timeout 0s: write something from 1s to 1h$/],
    [{ address, timeout: '2h' }, /^--timeout 2h: write something from 1s to 1h$/],
  ];
  for (const [args, message] of wrong) {
    test(`refuses ${JSON.stringify(args)}`, async () => {
      await assert.rejects(readProbePlan(args), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
