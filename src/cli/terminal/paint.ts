/** What a word says of how things are. */
export type Tone = 'good' | 'doubtful' | 'bad' | 'strong';

/** Gives a text the colour of a tone, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const codes = { good: 32, doubtful: 33, bad: 31, strong: 1 } as const satisfies Record<
  Tone,
  number
>;

/** For a terminal. */
export const inColour: Paint = (tone, text) => `\u001b[${codes[tone]}m${text}\u001b[0m`;

/** For whatever else reads it. */
export const plain: Paint = (_, text) => text;
