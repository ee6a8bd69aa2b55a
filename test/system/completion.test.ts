import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { runGreymilter } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';

/** What is typed before the key, and what some of the answers are. */
const cases: readonly (readonly [typed: string, some: readonly string[], not?: string])[] = [
  ['greymilter che', ['check-config'], 'serve'],
  ['greymilter ', ['serve', 'autowhite', 'completion', 'postgrey'], '--config'],
  ['greymilter serve --', ['--config', '--listen', '--set', '--user', '--help'], '--yes'],
  ['greymilter autowhite ', ['add', 'remove', 'list'], 'serve'],
  ['greymilter autowhite add --fo', ['--for'], '--from'],
  ['greymilter import ', ['postgrey', 'milter-greylist', 'sqlgrey'], '$0'],
  ['greymilter import ot', ['other.txt'], 'greymilter.yaml'],
  ['greymilter import --re', ['--report']],
  ['greymilter completion ', ['bash', 'zsh'], 'serve'],
  ['greymilter probe --as ', ['postfix', 'sendmail'], '--as'],
  ['greymilter probe --as=s', ['sendmail'], 'postfix'],
  ['greymilter postgrey --whi', ['--whitelist-clients', '--whitelist-recipients']],
  ['greymilter milter-greylist -', ['-A', '-f'], '--config'],
  ['greymilter check-config --set http.', ['http.write=', 'http.token-file='], 'log.level='],
  ['greymilter check-config --set greylist.mode=', ['enforce', 'learn', 'shadow'], 'true'],
  ['greymilter check-config --set=log.level=w', ['warn'], 'error'],
  ['greymilter check-config g', ['greymilter.yaml'], 'other.txt'],
  ['greymilter check-config --config ', ['greymilter.yaml', 'other.txt'], '--config'],
  ['greymilter serve --user ', []],
];

/** Cuts a line as readline does, which makes words of `=`. */
function readlineWords(line: string): readonly string[] {
  return line.split(/(?<==)|(?==)| /).map((word) => word.trim());
}

function completeInBash(script: string, directory: string, line: string): readonly string[] {
  const words = readlineWords(line);
  const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}`;
  const asked = `source ${script} && complete -p greymilter >/dev/null && ${set} && _greymilter; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', asked], { cwd: directory });
  assert.equal(stderr.toString(), '');
  return stdout.toString().split('\n').filter(Boolean);
}

/** A zsh at a terminal of its own, in which somebody types; what is offered goes into files. */
const driver = `
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "fpath=($FUNCTIONS \\$fpath); autoload -Uz compinit; compinit -u -D; source $FUNCTIONS/setup.zsh"
integer n=0
while IFS= read -r typed; do
  zpty -w -n shell "$typed"$'\\t'
  until [[ -e $FUNCTIONS/offered.$n.done ]]; do zpty -r -t shell chunk || sleep 0.05; done
  zpty -w -n shell $'\\x15'
  (( ++n ))
done
zpty -d shell
`;

const setup = `
integer n=0
compadd() {
  local -a matches
  builtin compadd -O matches "$@"
  print -rl -- $matches >>$FUNCTIONS/offered.$n
  builtin compadd "$@"
}
# It is forgotten with each completion.
finished() { : >$FUNCTIONS/offered.$n.done; (( ++n )); comppostfuncs=(finished) }
comppostfuncs=(finished)
setopt no_beep no_always_last_prompt
LISTMAX=1000
`;

/** What zsh offers behind each line; `functions` is a directory with `_greymilter`. */
function completeInZsh(functions: string, directory: string): readonly (readonly string[])[] {
  writeFileSync(join(functions, 'setup.zsh'), setup);
  return cases.map(([line], index) => {
    // A zsh for each of them takes its time; the script is the same for all.
    if (!forZsh(index)) return [];
    const offered = join(functions, 'offered.0');
    for (const path of [offered, `${offered}.done`]) rmSync(path, { force: true });
    const { status, stderr } = spawnSync('zsh', ['-f', '-c', driver], {
      ...{ cwd: directory, input: `${line}\n`, timeout: 60_000 },
      env: { ...process.env, TERM: 'dumb', FUNCTIONS: functions },
    });
    assert.equal(status, 0, stderr.toString());
    return existsSync(offered) ? readFileSync(offered, 'utf8').split('\n').filter(Boolean) : [];
  });
}

/** Every other one. */
function forZsh(index: number): boolean {
  return index % 2 === 0;
}

/** What bash offers. */
function completeAllInBash(functions: string, directory: string): readonly (readonly string[])[] {
  const script = join(functions, '_greymilter');
  return cases.map(([line]) => completeInBash(script, directory, line));
}

for (const [shell, complete] of [
  ['bash', completeAllInBash],
  ['zsh', completeInZsh],
] as const) {
  describe(`completion in ${shell}`, () => {
    let offered: readonly (readonly string[])[] = [];
    let clean: () => void = () => undefined;

    before(async () => {
      const directories = { after: (remove: () => void) => (clean = both(clean, remove)) };
      const directory = createTempDirectory(directories);
      const functions = createTempDirectory(directories);
      for (const file of ['greymilter.yaml', 'other.txt']) writeFileSync(join(directory, file), '');
      const { code, stdout } = await runGreymilter(['completion', shell]);
      assert.equal(code, 0);
      writeFileSync(join(functions, '_greymilter'), stdout);
      offered = complete(functions, directory);
    });
    after(() => clean());

    for (const [index, [line, some, not]] of cases.entries()) {
      if (shell === 'zsh' && !forZsh(index)) continue;
      test(line, () => {
        const found = offered[index] ?? [];
        for (const word of some) assert.ok(found.includes(word), `${word}: ${found.join(' ')}`);
        if (not !== undefined) assert.ok(!found.includes(not), found.join(' '));
        if (some.length === 0) assert.deepEqual(found, []);
      });
    }
  });
}

function both(one: () => void, other: () => void): () => void {
  return () => {
    one();
    other();
  };
}

test('which shell it is must be said, and known', async () => {
  assert.equal((await runGreymilter(['completion'])).code, 64);
  assert.equal((await runGreymilter(['completion', 'fish'])).code, 64);
});
