import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { readTlsFiles } from '../../../../src/daemon/stores/read-tls-files.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const none = { authority: null, certificate: null, key: null, name: null };

function fileWith(t: TestContext, text: string): string {
  const path = join(createTempDirectory(t), 'file.pem');
  writeFileSync(path, text);
  return path;
}

describe('the files that TLS to a shared store needs', () => {
  test('need not be', async () => {
    const nothing = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };
    assert.deepEqual(await readTlsFiles(none), nothing);
  });

  test('are read', async (t) => {
    const text = '-----BEGIN CERTIFICATE-----\n';
    const read = await readTlsFiles({ ...none, authority: fileWith(t, text), name: 'db.example' });
    assert.deepEqual([read.ca, read.serverName], [text, 'db.example']);
  });

  test('that cannot be read are told of in words', async (t) => {
    const authority = join(createTempDirectory(t), 'ca.pem');
    await assert.rejects(readTlsFiles({ ...none, authority }), {
      code: 'STORE_PERMISSION',
      message: `store.redis.tls.authority: cannot read ${authority}: there is no such file.`,
    });
  });

  test('of no use together are told of in the words of TLS', async (t) => {
    const certificate = fileWith(t, '-----BEGIN CERTIFICATE-----\nnone\n');
    const key = fileWith(t, '-----BEGIN PRIVATE KEY-----\nnone\n');
    await assert.rejects(readTlsFiles({ ...none, certificate, key }), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      const head = `store.redis.tls.certificate and key, ${certificate}: `;
      assert.equal(error.message, `${head}${error.cause.message}.`);
      return true;
    });
  });
});
