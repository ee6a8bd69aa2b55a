/*
 * Asks the C library's regular expressions. Reads lines of hexadecimal words: the flags (1 extended,
 * 2 newlines end lines), the pattern, and subjects; an empty word is written as "-". Letter case never
 * matters. Writes a line for each: "0" or "1" per subject, or "E" if the pattern is refused.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decode(char *word) {
  size_t length = word[0] == '-' ? 0 : strlen(word) / 2;
  for (size_t i = 0; i < length; i++) {
    unsigned int byte;
    sscanf(word + 2 * i, "%2x", &byte);
    word[i] = (char)byte;
  }
  word[length] = 0;
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    line[strcspn(line, "\n")] = 0;
    int flags = atoi(strtok(line, " "));
    char *pattern = strtok(NULL, " ");
    decode(pattern);
    regex_t regex;
    if (regcomp(&regex, pattern, REG_ICASE | REG_NOSUB | (flags & 1 ? REG_EXTENDED : 0) |
                                     (flags & 2 ? REG_NEWLINE : 0)) != 0) {
      puts("E");
      continue;
    }
    for (char *word = strtok(NULL, " "); word != NULL; word = strtok(NULL, " ")) {
      decode(word);
      putchar(regexec(&regex, word, 0, NULL, 0) == 0 ? '1' : '0');
    }
    putchar('\n');
    regfree(&regex);
  }
  free(line);
  return 0;
}
