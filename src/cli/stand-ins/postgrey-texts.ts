/** A reply's text, and the enhanced code that it begins with. */
interface Reply {
  readonly text: string;
  readonly enhanced: string | undefined;
}

/** The text of `--greylist-text`: `%s` are the seconds to wait, `%r` the recipient's domain. */
export function replyOf(written: string): Reply {
  const [, enhanced, rest = written] = /^(4\.\d{1,3}\.\d{1,3}) +(.*)$/s.exec(written) ?? [];
  return { text: withPlaceholders(rest, { s: '{wait}', r: '{domain}' }), enhanced };
}

/**
 * The header of `--x-greylist-header`: `%t` are the seconds of the delay, `%v` the version, `%h` the
 * host, `%d` the date.
 *
 * @param hostname what to say for the host's own name
 */
export function headerTextOf(
  written: string | undefined,
  { hostname, version }: { readonly hostname: string | undefined; readonly version: string },
): string {
  const text = written ?? 'X-Greylist: delayed %t seconds by postgrey-%v at %h; %d';
  return withPlaceholders(text, {
    t: '{delayed}',
    v: version,
    h: hostname === undefined ? '{host}' : doubled(hostname),
    d: '{date}',
  });
}

/** Braces are what they are there. */
function doubled(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

function withPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/%([a-z])|[{}]/g, (written, letter: string | undefined) =>
    letter === undefined ? written + written : (values[letter] ?? written),
  );
}
