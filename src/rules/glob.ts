/**
 * Whether a text matches a glob as a shell's: `*` for anything, `?` for one character, `[a-z]` and
 * `[!a-z]` for one of some; a backslash takes a meaning away. Letter case does not matter. The time
 * it takes grows with both lengths and no faster, whatever the glob is.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = parseGlob(glob.toLowerCase());
  const subject = Array.from(text.toLowerCase());
  // One star at a time: what the last one takes is given back, and no one's before it.
  let [at, next, star, taken] = [0, 0, -1, 0];
  while (at < subject.length) {
    const element = pattern[next];
    if (element === 'any') {
      star = next++;
      taken = at;
    } else if (element?.(subject[at] ?? '') === true) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      next = star + 1;
      at = ++taken;
    } else return false;
  }
  return pattern.slice(next).every((element) => element === 'any');
}

type Element = 'any' | ((character: string) => boolean);

function parseGlob(glob: string): readonly Element[] {
  const elements: Element[] = [];
  const characters = Array.from(glob);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') elements.push('any');
    else if (character === '?') elements.push(() => true);
    else if (character === '[') {
      const end = characters.indexOf(']', at + (isNegation(characters[at + 1]) ? 3 : 2));
      // Without its end it stands for itself.
      if (end < 0) elements.push(isOne('['));
      else {
        elements.push(bracket(characters.slice(at + 1, end)));
        at = end;
      }
    } else {
      const isEscape = character === '\\' && at + 1 < characters.length;
      if (isEscape) at += 1;
      elements.push(isOne(characters[at] ?? ''));
    }
  }
  return elements;
}

function isOne(wanted: string): (character: string) => boolean {
  return (character) => character === wanted;
}

function isNegation(character: string | undefined): boolean {
  return character === '!' || character === '^';
}

function bracket(inside: readonly string[]): (character: string) => boolean {
  const isNegated = isNegation(inside[0]);
  const members = isNegated ? inside.slice(1) : inside;
  const isMember = (character: string): boolean => {
    for (let at = 0; at < members.length; at++) {
      const first = members[at] ?? '';
      const last = members[at + 1] === '-' ? members[at + 2] : undefined;
      if (last !== undefined) {
        if (character >= first && character <= last) return true;
        at += 2;
      } else if (character === first) return true;
    }
    return false;
  };
  return (character) => isMember(character) !== isNegated;
}
