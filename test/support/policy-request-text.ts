/** What Postfix 3.7 sends at RCPT, in its order. */
const usual: Readonly<Record<string, string>> = {
  request: 'smtpd_access_policy',
  protocol_state: 'RCPT',
  protocol_name: 'ESMTP',
  client_address: '198.51.100.10',
  client_name: 'mail.sender.example',
  client_port: '36286',
  reverse_client_name: 'mail.sender.example',
  server_address: '127.0.0.1',
  server_port: '25',
  helo_name: 'mail.sender.example',
  sender: 'alice@sender.example',
  recipient: 'bob@example.net',
  recipient_count: '0',
  queue_id: '',
  instance: 'a6d.6b011060.4bec7.0',
  size: '0',
  etrn_domain: '',
  stress: '',
  sasl_method: '',
  sasl_username: '',
  sasl_sender: '',
  ccert_subject: '',
  ccert_issuer: '',
  ccert_fingerprint: '',
  ccert_pubkey_fingerprint: '',
  encryption_protocol: '',
  encryption_cipher: '',
  encryption_keysize: '0',
  policy_context: '',
};

/** Lines and the empty one, written by hand so that no test depends on our own encoder. */
export function rawRequest(lines: readonly string[], lineEnd = '\n'): Buffer {
  return Buffer.from([...lines, ''].map((line) => `${line}${lineEnd}`).join(''), 'utf8');
}

/** A request as Postfix writes it, with other values. */
export function postfixRequest(values: Readonly<Record<string, string>> = {}): Buffer {
  const attributes = Object.entries({ ...usual, ...values });
  return rawRequest(attributes.map(([name, value]) => `${name}=${value}`));
}

/** The names that Postfix 3.7 sends, in its order. */
export const postfixNames: readonly string[] = Object.keys(usual);
