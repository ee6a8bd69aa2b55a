import { registeredDomain } from '../mail/registered-domain.js';
import { networkText } from './stories.js';
import type { Story } from './story.js';

/** By what stories can be counted. */
export type StoryKey =
  | 'client'
  | 'network'
  | 'name'
  | 'client-domain'
  | 'helo'
  | 'sender'
  | 'sender-domain'
  | 'recipient'
  | 'recipient-domain'
  | 'rule';

type ReadKey = (story: Story) => string;

/** How each is read; what is not known is `-`. */
const KEYS: Readonly<Record<StoryKey, ReadKey>> = {
  client: ({ first }) => first.client ?? '-',
  network: ({ first }) => networkText(first.client) || '-',
  name: ({ first }) => first.name?.toLowerCase() ?? '-',
  'client-domain': ({ first }) => clientDomain(first.name),
  helo: ({ first }) => first.helo?.toLowerCase() ?? '-',
  sender: ({ first }) => first.from.toLowerCase() || '<>',
  'sender-domain': ({ first }) => domainOf(first.from) ?? '<>',
  recipient: ({ first }) => first.to.toLowerCase(),
  'recipient-domain': ({ first }) => domainOf(first.to) ?? '-',
  rule: ({ first }) => first.rule ?? '-',
};

/** Their names, for the command line. */
export const STORY_KEYS: readonly string[] = Object.keys(KEYS);

/** Whether a word of the command line is one. */
export function isStoryKey(word: string): word is StoryKey {
  return Object.hasOwn(KEYS, word);
}

/** What a story is counted under. */
export function keyOf(story: Story, by: StoryKey): string {
  return KEYS[by](story);
}

function domainOf(address: string): string | undefined {
  if (address === '') return undefined;
  const at = address.lastIndexOf('@');
  return at === -1 ? '-' : address.slice(at + 1).toLowerCase();
}

function clientDomain(name: string | undefined): string {
  return name === undefined ? '-' : (registeredDomain(name) ?? name.toLowerCase());
}
