import { optionsWhere, quote, waysTo, type Completion, type Place } from './completion-places.js';

// Names may have blanks, so they come line by line.
const FILE_NAMES =
  'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")';

/** A script for bash. Words are cut at `=` there (COMP_WORDBREAKS), so `--set a=b` is four of them. */
export function bashCompletion({ places, settings }: Completion): string {
  return `# bash completion for greymilter: source it, or put it into /etc/bash_completion.d/greymilter
_greymilter() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at= i key=
  [[ $cur == = ]] && cur= before==
  if [[ $before == = ]]; then
    for ((i = COMP_CWORD; i > 1; i--)); do [[ \${COMP_WORDS[i]} == = ]] && break; done
    before=\${COMP_WORDS[i-1]}
    [[ \${COMP_WORDS[i-2]} == --set || ( \${COMP_WORDS[i-2]} == = && \${COMP_WORDS[i-3]} == --set ) ]] && key=$before
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${waysTo(places)}) at="\${at:+$at/}\${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  if [[ -n $key ]]; then
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
    ${optionsWhere(places, ({ word }) => word === '--set').join('|')})
      COMPREPLY=($(compgen -W ${quote(settings.map(([name]) => `${name}=`).join(' '))} -- "$cur"))
      compopt -o nospace 2>/dev/null
      return ;;
    ${optionsWhere(places, ({ isFile, takesValue }) => isFile && takesValue).join('|')})
      ${FILE_NAMES}; return ;;
    ${optionsWhere(places, ({ takesValue }) => takesValue).join('|')}) return ;;
  esac
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
}
complete -F _greymilter greymilter
`;
}

function settingCase([name, words]: Completion['settings'][number]): string {
  return `      ${quote(name)}) ${replies(words)} ;;`;
}

function valueCases(places: readonly Place[]): string {
  return places
    .flatMap(({ at, options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(
          ({ word, choices }) => `    ${quote(`${at} ${word}`)}) ${replies(choices)}; return ;;`,
        ),
    )
    .join('\n');
}

function placeCase({ at, commands, options, values, takesFile }: Place): string {
  const words = [...commands.map(([name]) => name), ...values];
  return `    ${quote(at)})
      if [[ $cur == -* ]]; then
        ${replies(options.map(({ word }) => word))}
      else
        ${words.length > 0 ? replies(words) : ':'}
        ${takesFile ? `[[ $COMPREPLY ]] || { ${FILE_NAMES}; }` : ':'}
      fi ;;`;
}

function replies(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quote(words.join(' '))} -- "$cur"))`;
}
