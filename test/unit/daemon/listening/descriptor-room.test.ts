import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import {
  descriptorRoom,
  fitInto,
  heldFilesRoom,
  readDescriptorLimit,
} from '../../../../src/daemon/listening/descriptor-room.js';
import {
  milterLimits,
  policyLimits,
  warnOfFewDescriptors,
} from '../../../../src/daemon/listening/server-limits.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

describe('the limit of file descriptors', () => {
  test('is read from the system, and there is none where it does not say', (t) => {
    const path = join(createTempDirectory(t), 'limits');
    const line = (soft: string): string =>
      `Limit     Soft Limit  Hard Limit  Units\nMax open files            ${soft}       4096       files\n`;
    writeFileSync(path, line('1024'));
    assert.equal(readDescriptorLimit(path), 1024);
    writeFileSync(path, line('unlimited'));
    assert.equal(readDescriptorLimit(path), Infinity);
    assert.equal(readDescriptorLimit(join(path, 'nowhere')), Infinity);
    assert.ok(readDescriptorLimit() > 0);
  });
});

describe('the connections that fit into the file descriptors', () => {
  const wanted = { connections: 1000, bystanders: 10_000 };
  for (const [room, expected] of [
    [Infinity, wanted],
    [11_000, wanted],
    [5000, { connections: 1000, bystanders: 4000 }],
    [1000, { connections: 875, bystanders: 125 }],
    [80, { connections: 70, bystanders: 10 }],
  ] as const) {
    test(`of ${room}`, () => assert.deepEqual(fitInto(room, wanted), expected));
  }

  test('leave some for the store and the rest of the filter', () => {
    assert.equal(descriptorRoom(Infinity), Infinity);
    assert.equal(descriptorRoom(4096), 3840);
    assert.equal(descriptorRoom(256), 192);
  });

  test('leave some for files that the store can do without, where there are many', () => {
    const limits = [Infinity, 8192, 4096, 1024, 512, 110];
    assert.deepEqual(limits.map(heldFilesRoom), [512, 384, 128, 128, 0, 0]);
  });
});

describe('the limits of a configuration', () => {
  const config = (...listen: readonly string[]): Config => {
    const overrides = listen.map((each) => `listen.${each}`);
    return parseConfig({ overrides }).config;
  };
  const milter = 'milter=["unix:/run/m"]';
  const policy = 'policy=["unix:/run/p"]';
  const both = config(milter, policy);

  test('are all of the room for one protocol, and half of it for each of two', () => {
    assert.equal(milterLimits(config(milter, 'policy=[]'), 1024).connections, 672);
    assert.equal(milterLimits(both, 1024).connections, 336);
    assert.equal(policyLimits(both, 1024).connections, 336);
    assert.equal(policyLimits(config('milter=[]', policy), 1024).connections, 672);
    assert.deepEqual(
      [milterLimits(both, Infinity).connections, policyLimits(both, Infinity).connections],
      [1000, 4000],
    );
  });

  test('that do not fit are told of', () => {
    const logger = new RecordingLogger();
    warnOfFewDescriptors(config(milter, 'policy=[]'), logger, 100_000);
    warnOfFewDescriptors(config('milter=[]', policy), logger, Infinity);
    assert.deepEqual(logger.takeAll(), []);
    const message =
      'too few file descriptors for limits.connections: raise LimitNOFILE in the unit, or ulimit -n';
    warnOfFewDescriptors(config(milter, 'policy=[]'), logger, 1024);
    const { fields } = logger.take(message);
    assert.deepEqual(fields, { descriptors: 1024, wanted: 1000, connections: 672 });
    warnOfFewDescriptors(config('milter=[]', policy), logger, 4096);
    assert.equal(logger.take(message).fields['wanted'], 4000);
  });
});
