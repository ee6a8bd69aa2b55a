import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

/** Signs messages in the name of a domain. */
export interface DkimSigner {
  /** What stands in DNS at `s._domainkey` below the domain. */
  readonly record: string;
  /**
   * The message with the signature before it.
   *
   * @param message with CRLF
   */
  sign(message: string, canonicalization?: string): Promise<string>;
}

/** With a key of its own, which is short enough for a name server without TCP. */
export function createDkimSigner(signingDomain: string): DkimSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    record: `v=DKIM1; k=ed25519; p=${key}`,
    sign: async (message, canonicalization = 'relaxed/relaxed') => {
      const { signatures, errors } = await dkimSign(Buffer.from(message, 'latin1'), {
        signingDomain,
        selector: 's',
        privateKey: pem,
        algorithm: 'ed25519-sha256',
        canonicalization,
        signatureData: [
          {
            signingDomain,
            selector: 's',
            privateKey: pem,
            algorithm: 'ed25519-sha256',
            canonicalization,
          },
        ],
      });
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return `${signatures.trimEnd()}\r\n${message}`;
    },
  };
}
