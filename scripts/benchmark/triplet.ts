import type { ConnectEvent } from '../../src/protocols/milter/index.js';

/** A triplet as the protocols show it; the same number is the same triplet in both. */
export interface Triplet {
  readonly client: ConnectEvent & { readonly address: string };
  readonly from: string;
  readonly to: string;
}

/** The triplet with this number; addresses without brackets. */
export function triplet(number: number): Triplet {
  const address = `${1 + ((number >>> 16) % 200)}.${(number >>> 8) & 255}.${number & 255}.7`;
  return {
    client: { hostName: `mail${number % 977}.client.example`, family: 'inet', port: 4711, address },
    from: `sender${number}@client${number % 977}.example`,
    to: `user${number % 50}@local.example`,
  };
}
