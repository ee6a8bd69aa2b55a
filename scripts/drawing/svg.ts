/** Of an element. Numbers are written as they are: whoever computes one says how many digits it wants. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An element and what is in it: markup, or words that {@link words} has made harmless. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    return ` ${key}="${words(String(value)).replaceAll('"', '&quot;')}"`;
  });
  const head = `<${name}${written.join('')}`;
  return content === '' ? `${head}/>` : `${head}>${content}</${name}>`;
}

/** A text as it stands between tags. */
export function words(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Words at a place, which is where their first line begins unless `text-anchor` says otherwise. */
export function label(text: string, attributes: Attributes): string {
  return element('text', attributes, words(text));
}

/** In pixels, if the picture is not stretched. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A whole file, each part on a line of its own. */
export function picture(
  { width, height }: Size,
  attributes: Attributes,
  parts: readonly string[],
): string {
  const space = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` };
  return `${element('svg', { ...space, ...attributes }, `\n${parts.join('\n')}\n`)}\n`;
}
