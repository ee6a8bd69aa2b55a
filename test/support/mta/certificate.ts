import { join } from 'node:path';
import { mtaHostName, runCommand } from './commands.js';

/** Files of the MTA's own certificate, in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

const selfSigned = '-x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1'.split(' ');

/** Where the certificate of an MTA with this configuration directory is. */
export function certificateIn(etc: string): CertificateFiles {
  return { certificate: join(etc, 'certificate.pem'), key: join(etc, 'key.pem') };
}

/**
 * Makes a certificate for a client.
 *
 * @param etc the MTA's configuration directory, where its own certificate is already
 * @param issuer `mta`, which has to trust itself then, or `itself`, whom no MTA trusts
 */
export async function createClientCertificate(
  etc: string,
  commonName: string,
  issuer: 'mta' | 'itself',
): Promise<CertificateFiles> {
  const [certificate, key] = ['pem', 'key'].map((end) => join(etc, `${commonName}.${end}`));
  if (certificate === undefined || key === undefined) throw new RangeError(commonName);
  const mta = certificateIn(etc);
  const signer = issuer === 'mta' ? ['-CA', mta.certificate, '-CAkey', mta.key] : [];
  const names = ['-subj', `/O=Clients/CN=${commonName}`, '-keyout', key, '-out', certificate];
  await runCommand('openssl', ['req', ...selfSigned, ...signer, ...names]);
  return { certificate, key };
}

/** Makes a self-signed certificate; only root may read its key, as Sendmail demands. */
export async function createCertificate(etc: string): Promise<void> {
  const { certificate, key } = certificateIn(etc);
  const names = ['-subj', `/CN=${mtaHostName}`, '-keyout', key, '-out', certificate];
  await runCommand('openssl', ['req', ...selfSigned, ...names]);
}
