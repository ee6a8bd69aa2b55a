import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisCertificates } from './redis-server.js';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

/** An authority of the test's own, with a certificate for 127.0.0.1 and localhost and one for a client. */
export function createRedisCertificates(t: CleanUp): RedisCertificates {
  const directory = createTempDirectory(t);
  const file = (name: string): string => join(directory, name);
  const openssl = (...options: readonly string[]): void => {
    execFileSync('openssl', options, { stdio: 'pipe' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-batch'];
  openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=greymilter test authority'],
    ...['-keyout', file('ca.key'), '-out', file('ca.pem')],
  );
  const issue = (name: string, subject: string, extensions: string): void => {
    writeFileSync(file(`${name}.ext`), extensions);
    openssl(
      ...['req', ...newKey, '-subj', subject, '-keyout', file(`${name}.key`)],
      ...['-out', file(`${name}.csr`)],
    );
    openssl(
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file('ca.pem'), '-days', '2'],
      ...['-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file(`${name}.ext`)],
      ...['-out', file(`${name}.pem`)],
    );
  };
  // A server of a Cluster or Sentinel is a client of its peers, with the same certificate.
  issue('server', '/CN=localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  issue('client', '/CN=greymilter', 'extendedKeyUsage=clientAuth\n');
  return {
    caFile: file('ca.pem'),
    certFile: file('server.pem'),
    keyFile: file('server.key'),
    clientCertFile: file('client.pem'),
    clientKeyFile: file('client.key'),
  };
}
