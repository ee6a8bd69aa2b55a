import type { Attempt } from '../../greylist/attempt.js';
import { parseEnvelopeAddress, type EnvelopeAddress } from '../../mail/envelope-address.js';
import { verifiedName } from '../../mail/host-name.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import type { PolicyRequest } from '../../protocols/postfix-policy/index.js';
import type { MacroSource } from '../answers/macro-source.js';

/** What Postfix calls a name that there is not, or that nobody has confirmed. */
const nobody = 'unknown';

/** The attribute that says what each macro does. */
const attributeOf: Readonly<Record<string, string>> = {
  i: 'queue_id',
  '{client_addr}': 'client_address',
  '{client_name}': 'client_name',
  '{client_port}': 'client_port',
  '{client_ptr}': 'reverse_client_name',
  '{daemon_addr}': 'server_address',
  '{daemon_port}': 'server_port',
  '{if_addr}': 'server_address',
  '{tls_version}': 'encryption_protocol',
  '{cipher}': 'encryption_cipher',
  '{cipher_bits}': 'encryption_keysize',
  '{cert_subject}': 'ccert_subject',
  '{cert_issuer}': 'ccert_issuer',
  '{auth_authen}': 'sasl_username',
  '{auth_type}': 'sasl_method',
  '{auth_author}': 'sasl_sender',
  '{mail_addr}': 'sender',
  '{rcpt_addr}': 'recipient',
  '{policy_context}': 'policy_context',
};

/** A request as the MTA's macros, so that rules and replies need not know where it came from. */
export class PostfixMacros implements MacroSource {
  readonly #request: PolicyRequest;
  readonly #host: string;
  readonly allowMore: (ms: number) => void;

  /** @param host this machine's name, which Postfix does not tell */
  constructor(
    request: PolicyRequest,
    host: string,
    allowMore: (ms: number) => void = () => undefined,
  ) {
    this.#request = request;
    this.#host = host;
    this.allowMore = allowMore;
  }

  macro(symbol: string): string | undefined {
    if (symbol === 'j') return this.#host;
    if (symbol === '{client_resolve}') return clientResolve(this.#request);
    const attribute = attributeOf[symbol];
    return attribute === undefined ? undefined : told(this.#request, attribute);
  }
}

/** One recipient as Postfix shows it. */
export function attemptOf(request: PolicyRequest, id: string, sender: EnvelopeAddress): Attempt {
  const port = told(request, 'client_port');
  return {
    id: told(request, 'queue_id') ?? id,
    via: 'policy',
    clientAddress: parseIpAddress(request.get('client_address') ?? ''),
    // Old releases of Postfix, and Exim, do not tell. 0 would mean a local submission.
    clientPort: port === undefined || !/^\d{1,5}$/.test(port) ? undefined : Number(port),
    clientName: verifiedName(request.get('client_name') ?? ''),
    helo: told(request, 'helo_name'),
    sender,
    recipient: parseEnvelopeAddress(request.get('recipient') ?? ''),
    login: told(request, 'sasl_username'),
    certSubject: told(request, 'ccert_subject'),
    daemonName: undefined,
    accessMap: undefined,
  };
}

/** The value of an attribute; Postfix sends an empty one where a milter's macro would be missing. */
export function told(request: PolicyRequest, attribute: string): string | undefined {
  const value = request.get(attribute);
  return value === '' ? undefined : value;
}

/**
 * Postfix shows the verified name, and the one that nobody has confirmed, but not whether DNS
 * failed: a name without an address counts as forged.
 */
function clientResolve(request: PolicyRequest): string {
  if ((told(request, 'client_name') ?? nobody) !== nobody) return 'OK';
  return (told(request, 'reverse_client_name') ?? nobody) === nobody ? 'FAIL' : 'FORGED';
}
