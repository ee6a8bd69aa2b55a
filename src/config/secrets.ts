/** Where a secret may stand in a line of a configuration, or of what is told of it: behind the first group. */
const SECRETS: readonly RegExp[] = [
  // Who asks a web server may say so in its URL: http://name:password@host/.
  /(\b[a-z][a-z0-9+.-]*:\/\/)([^/\s?#'"]+)(?=@)/gi,
  /(\bbindpw\s+")([^"]+)/gi,
  /(\btsig\s+"[^"]*"\s+"[^"]*"\s+")([^"]+)/gi,
  // Or by a parameter of it.
  /([?&,!](?:[\w.-]*[_.-])?(?:api|access|auth|bind|user)?(?:key|token|secret|passwd|password|pass|pwd|pw|auth|sig|signature)=)([^\s{&#'",][^\s&#'",]*)/gi,
  /(\bpassword['"]?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,}#][^,}#]*)/gi,
];

const HIDDEN = '(hidden)';

/** A text for people, without the passwords that stand in it. */
export function withoutSecrets(text: string): string {
  return hideIn(text, () => HIDDEN);
}

/** The same with each character in its column, for who points at one of them. */
export function withoutSecretsInPlace(text: string): string {
  return hideIn(text, (secret) => '*'.repeat(secret.length));
}

/** Plain data for people, without the passwords that stand in it. */
export function hideSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: readonly [string, unknown]) => [
      key,
      key === 'password' && typeof inner === 'string' ? HIDDEN : hideSecrets(inner),
    ]),
  );
}

function hideIn(text: string, hidden: (secret: string) => string): string {
  return SECRETS.reduce(
    (left, pattern) =>
      left.replace(pattern, (_, before: string, secret: string) => before + hidden(secret)),
    text,
  );
}
