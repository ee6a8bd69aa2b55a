/** What an element may be given, beside its children. */
export interface ElementOptions {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Something inside an element; texts are shown as they are, whatever is in them. */
export type Child = Node | string;

/** An element with what is in it. Nothing is ever read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  options: ElementOptions,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (options.class !== undefined) made.className = options.class;
  for (const [key, value] of Object.entries(options.attributes ?? {}))
    made.setAttribute(key, value);
  const { onClick } = options;
  if (onClick !== undefined) made.addEventListener('click', () => onClick());
  made.append(...children);
  return made;
}

/** A button that does something. */
export function button(text: string, onClick: () => void, kind = ''): HTMLButtonElement {
  return element('button', { class: kind, attributes: { type: 'button' }, onClick }, text);
}

/** The element of the page with an id. @throws Error if it is not there, or of another kind */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${id}`);
}

/** A table; the columns that are named are numbers. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
  numbers: readonly number[] = [],
): HTMLElement {
  const cellClass = (column: number): string => (numbers.includes(column) ? 'number' : '');
  const head = heads.map((text, column) =>
    element('th', { class: cellClass(column), attributes: { scope: 'col' } }, text),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...cells.map((cell, column) => element('td', { class: cellClass(column) }, cell)),
    ),
  );
  const title = element('caption', { class: 'hidden' }, caption);
  const made = element('table', {}, title, element('thead', {}, element('tr', {}, ...head)));
  made.append(element('tbody', {}, ...body));
  // What is wider than the screen can be scrolled by the keyboard, too.
  const attributes = { tabindex: '0', role: 'region', 'aria-label': caption };
  return element('div', { class: 'scroll', attributes }, made);
}
