/** A JSON Schema of the dialect 2020-12, which OpenAPI 3.1 takes. */
export type Shape = Readonly<Record<string, unknown>>;

/** An object with these properties, and no others; a `?` behind a name says that it may be absent. */
export function object(properties: Readonly<Record<string, Shape>>): Shape {
  const bare = (name: string): string => name.replace(/\?$/, '');
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, shape]) => [bare(name), shape]),
    ),
  };
}

/** A list. */
export function list(items: Shape): Shape {
  return { type: 'array', items };
}

/** A named one of the document. */
export function named(name: string): Shape {
  return { $ref: `#/components/schemas/${name}` };
}

/** The same with a word about it. */
export function described(shape: Shape, description: string): Shape {
  return { ...shape, description };
}

/** Whatever it is about. */
export const text: Shape = { type: 'string' };
export const flag: Shape = { type: 'boolean' };
export const count: Shape = { type: 'integer', minimum: 0 };
export const amount: Shape = { type: 'number', minimum: 0 };

/** RFC 3339, in UTC. */
export const instant: Shape = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$',
};

/** One of some words. */
export function word(...words: readonly string[]): Shape {
  return { type: 'string', enum: words };
}
