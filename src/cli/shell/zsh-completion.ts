import { optionsWhere, quote, waysTo, type Completion, type Place } from './completion-places.js';

/** A script for zsh, which shows what a word is for. */
export function zshCompletion({ places, settings }: Completion): string {
  return `#compdef greymilter
# zsh completion for greymilter: put it into a directory of $fpath as _greymilter
_greymilter() {
  local at= before=\${words[CURRENT-1]} i key files=0
  local -a names shown
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/\${words[i]}" in
      (${waysTo(places)}) at="\${at:+$at/}\${words[i]}" ;;
    esac
  done
  if [[ \${words[CURRENT]} == --*=* ]]; then
    before=\${\${words[CURRENT]}%%=*}
    compset -P 1 '*='
  fi
  if [[ $before == --set && $PREFIX == *=* ]]; then
    key=\${PREFIX%%=*}
    compset -P 1 '*='
    case "$key" in
${settings
  .filter(([, words]) => words.length > 0)
  .map(settingCase)
  .join('\n')}
    esac
    return
  fi
  case "$at $before" in
${valueCases(places)}
    (${optionsWhere(places, ({ word }) => word === '--set').join('|')})
      compadd -S '' -- ${settings.map(([name]) => quote(`${name}=`)).join(' ')}; return ;;
    (${optionsWhere(places, ({ isFile, takesValue }) => isFile && takesValue).join('|')}) _files; return ;;
    (${optionsWhere(places, ({ takesValue }) => takesValue).join('|')}) return ;;
  esac
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
  (( $#names )) && compadd -l -d shown -a names && return
  (( files )) && _files
}
if [[ $funcstack[1] == _greymilter ]]; then _greymilter "$@"; else compdef _greymilter greymilter; fi
`;
}

function settingCase([name, words]: Completion['settings'][number]): string {
  return `      (${quote(name)}) compadd -- ${words.map(quote).join(' ')} ;;`;
}

function valueCases(places: readonly Place[]): string {
  return places
    .flatMap(({ at, options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(
          ({ word, choices }) =>
            `    (${quote(`${at} ${word}`)}) compadd -- ${choices.map(quote).join(' ')}; return ;;`,
        ),
    )
    .join('\n');
}

function placeCase({ at, commands, options, values, takesFile }: Place): string {
  const opened = options.map(({ word, describe }) => [word, describe] as const);
  const plain = [...commands, ...values.map((value) => [value, ''] as const)];
  return `    (${quote(at)})
      if [[ $PREFIX == -* ]]; then
        ${listed(opened)}
      else
        ${plain.length > 0 ? listed(plain) : ':'}
        ${takesFile ? 'files=1' : ':'}
      fi ;;`;
}

function listed(words: readonly (readonly [word: string, describe: string])[]): string {
  const width = Math.max(...words.map(([word]) => word.length));
  const shown = words.map(([word, describe]) => `${word.padEnd(width)}  ${describe}`.trimEnd());
  const names = words.map(([word]) => quote(word)).join(' ');
  return `names=(${names}) shown=(${shown.map(quote).join(' ')})`;
}
