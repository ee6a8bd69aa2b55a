import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig } from '../../src/config/load.js';
import { formatSocketAddress, parseSocketAddress } from '../../src/config/socket-address.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { projectRoot } from './readme-text.js';

const units = ['greymilter.service', 'greymilter.socket'] as const;
const textOf = (unit: string): string =>
  readFileSync(join(projectRoot, 'config/systemd', unit), 'utf8');
const valuesOf = (unit: string, name: string): readonly string[] =>
  [...textOf(unit).matchAll(/^(\w+)=(.*)$/gm)].flatMap(([, key, value = '']) =>
    key === name ? [value] : [],
  );

/** In CI nothing is skipped: it fails where systemd cannot be asked. */
function skipWithoutSystemd(): string | false {
  const { error } = spawnSync('systemd-analyze', ['--version']);
  if (error === undefined || process.env['CI'] === 'true') return false;
  return 'there is no systemd-analyze here; scripts/install-systemd installs it';
}

describe('config/systemd', () => {
  test('the socket unit opens what the shipped configuration listens on', () => {
    const { listen } = parseConfig({
      text: readFileSync(join(projectRoot, 'config/greymilter.yaml'), 'utf8'),
    }).config;
    const opened = valuesOf('greymilter.socket', 'ListenStream').map((where) => {
      const parsed = parseSocketAddress(where.startsWith('/') ? where : `inet:${where}`);
      assert.ok('ok' in parsed, where);
      return formatSocketAddress(parsed.ok);
    });
    assert.deepEqual(opened, listen.milter.map(formatSocketAddress));
  });

  test('the service says for which mail servers it is', () => {
    const [description = ''] = valuesOf('greymilter.service', 'Description');
    for (const server of ['Sendmail', 'Postfix', 'Exim']) assert.ok(description.includes(server));
  });

  test('its socket outlives the service, and has its user', () => {
    assert.deepEqual(valuesOf('greymilter.service', 'RuntimeDirectoryPreserve'), ['yes']);
    const user = valuesOf('greymilter.service', 'User');
    assert.deepEqual(valuesOf('greymilter.socket', 'SocketUser'), user);
    assert.deepEqual(valuesOf('greymilter.socket', 'Accept'), []);
  });

  test('the service lets a process of ours tell that it is ready, and feed the watchdog', () => {
    const of = (name: string): string => valuesOf('greymilter.service', name).join();
    assert.deepEqual([of('Type'), of('NotifyAccess')], ['notify', 'all']);
    // That process is not to be asked to stop before it has told that we do.
    assert.equal(of('KillMode'), 'mixed');
    // Looked at twice in that time, and a store that is slow is no store that hangs.
    assert.ok(Number(of('WatchdogSec')) >= 30);
    // Node.js compiles while it runs.
    assert.equal(of('MemoryDenyWriteExecute'), '');
  });

  test('the service is started until it can be, unless that mends itself never', () => {
    const of = (name: string): string => valuesOf('greymilter.service', name).join();
    assert.deepEqual(
      [of('Restart'), of('StartLimitIntervalSec'), of('RestartPreventExitStatus')],
      ['on-failure', '0', '64 65 77'],
    );
  });

  test('Node.js is told by the service what it is told by scripts/start, and in the benchmark', () => {
    const [options = ''] = valuesOf('greymilter.service', 'Environment');
    assert.equal(options, 'NODE_OPTIONS=--v8-pool-size=1');
    const [, option = ''] = options.split('OPTIONS=');
    for (const file of ['scripts/start', 'scripts/benchmark/subjects.ts'])
      assert.ok(readFileSync(join(projectRoot, file), 'utf8').includes(option), file);
  });

  test('systemd has nothing to say about either', { skip: skipWithoutSystemd() }, (t) => {
    const directory = createTempDirectory(t);
    const node = process.execPath;
    for (const unit of units) {
      const here = textOf(unit).replace(/^ExecStart=\S+ \S+/m, `ExecStart=${node} ${node}`);
      assert.equal(here.includes(node), unit.endsWith('.service'));
      writeFileSync(join(directory, unit), here);
    }
    const files = units.map((unit) => join(directory, unit));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
      encoding: 'utf8',
    });
    assert.equal(verified.error, undefined, 'systemd-analyze has to run');
    // It reads the machine's own units as well, and may complain of those.
    const ours = verified.stderr.split('\n').filter((line) => line.includes('greymilter'));
    assert.deepEqual(ours, []);
    // Tenths of what systemd calls the exposure level.
    const [service = ''] = files;
    const judged = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=15', '--no-pager', service],
      { encoding: 'utf8' },
    );
    assert.equal(judged.status, 0, judged.stdout);
  });
});
