import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { loadConfigArguments } from '../../../../src/cli/arguments/config-options.js';
import { formatSocketAddress } from '../../../../src/config/socket-address.js';

describe('the options for a configuration', () => {
  test('none: what suits trying it out', async () => {
    const { config } = await loadConfigArguments({});
    assert.deepEqual(config.store.url, { kind: 'level', path: './var/db' });
  });

  test('--store takes a server', async () => {
    const { config } = await loadConfigArguments({ store: 'redis://192.0.2.6' });
    assert.equal(config.store.url.kind, 'redis');
  });

  test('--store takes a path as well as a URL', async () => {
    for (const store of ['/var/lib/db', 'level:/var/lib/db']) {
      const { config } = await loadConfigArguments({ store });
      assert.deepEqual(config.store.url, { kind: 'level', path: '/var/lib/db' });
    }
  });

  test('--pid-file is a path from where it is given', async () => {
    const { config } = await loadConfigArguments({ 'pid-file': 'run/pid' });
    assert.equal(config['pid-file'], resolve('run/pid'));
  });

  test('--listen and --set come on top', async () => {
    const { config } = await loadConfigArguments({
      listen: ['/a', 'inet:10034@127.0.0.1'],
      set: ['greylist.delay=1m', 'greylist.delay=2m'],
    });
    const addresses = config.listen.milter.map(formatSocketAddress);
    assert.deepEqual(addresses, ['unix:/a', 'inet:10034@127.0.0.1']);
    assert.equal(config.greylist.delay, 120_000);
  });

  test('--config names a file that has to be there', () =>
    assert.rejects(loadConfigArguments({ config: '/nowhere/greymilter.yaml' }), {
      code: 'CONFIG_NOT_FOUND',
    }));
});
