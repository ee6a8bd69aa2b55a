import { join } from 'node:path';
import { mtaHostName, runCommand } from './commands.js';

/** Files of the MTA's own certificate, in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Where the certificate of an MTA with this configuration directory is. */
export function certificateIn(etc: string): CertificateFiles {
  return { certificate: join(etc, 'certificate.pem'), key: join(etc, 'key.pem') };
}

/** Makes a self-signed certificate; only root may read its key, as Sendmail demands. */
export async function createCertificate(etc: string): Promise<void> {
  const { certificate, key } = certificateIn(etc);
  const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const names = ['-subj', `/CN=${mtaHostName}`, '-keyout', key, '-out', certificate];
  await runCommand('openssl', ['req', ...kind, ...names]);
}
