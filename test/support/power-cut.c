/*
 * Preloaded into a program whose power a test cuts: what it waits for to be on the disk is written down,
 * so that all else can be taken back once it has been killed (power-cut.ts).
 *
 * POWER_ROOT is the directory that it is about, POWER_JOURNAL the file that is written, POWER_KEPT a
 * directory of the same file system for what the program removes, which a power cut may bring back.
 *
 *   S inode size name      the first `size` bytes of this file are on the disk, and its name is
 *   D / E inode name / .   these names, and no others, are in the directory on the disk
 *
 * Nothing is really waited for. Size and names are those of before the call, for what others write
 * during it need not be there after it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *setting(const char *name) {
  const char *value = getenv(name);
  if (value == NULL) abort();
  return value;
}

/* One write for each entry, so that those of several threads do not mix. */
static void note(const char *text, size_t length) {
  static int journal = -1;
  if (journal < 0)
    journal = open(setting("POWER_JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0 || write(journal, text, length) != (ssize_t)length) abort();
}

/* The name below POWER_ROOT; NULL for a file elsewhere, "" for the directory itself. */
static const char *name_below(const char *path) {
  const char *root = setting("POWER_ROOT");
  size_t length = strlen(root);
  if (strncmp(path, root, length) != 0) return NULL;
  if (path[length] == '\0') return "";
  return path[length] == '/' && strchr(path + length + 1, '/') == NULL ? path + length + 1 : NULL;
}

static const char *name_of_file(int file, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return NULL;
  path[length] = '\0';
  return name_below(path);
}

static void note_directory(void) {
  DIR *directory = opendir(setting("POWER_ROOT"));
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (directory == NULL || out == NULL) abort();
  fprintf(out, "D\n");
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory))
    if (entry->d_type == DT_REG)
      fprintf(out, "E %llu %s\n", (unsigned long long)entry->d_ino, entry->d_name);
  fprintf(out, ".\n");
  fclose(out);
  closedir(directory);
  note(text, length);
  free(text);
}

static int synced(int file) {
  char path[4096];
  struct stat found;
  if (fstat(file, &found) != 0) return -1;
  const char *name = name_of_file(file, path, sizeof path);
  if (name == NULL) return 0;
  if (*name == '\0') {
    note_directory();
    return 0;
  }
  char text[512];
  int length = snprintf(text, sizeof text, "S %llu %lld %s\n", (unsigned long long)found.st_ino,
                        (long long)found.st_size, name);
  if (length < 0 || (size_t)length >= sizeof text) abort();
  note(text, (size_t)length);
  return 0;
}

int fsync(int file) { return synced(file); }

int fdatasync(int file) { return synced(file); }

/* What goes is kept under a name that nobody uses, lest its inode become another file's. */
static void keep(const char *path) {
  static unsigned count = 0;
  struct stat found;
  if (name_below(path) == NULL || lstat(path, &found) != 0 || !S_ISREG(found.st_mode)) return;
  char kept[4096];
  snprintf(kept, sizeof kept, "%s/%d-%u", setting("POWER_KEPT"), getpid(),
           __atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST));
  if (link(path, kept) != 0) abort();
}

int unlink(const char *path) {
  keep(path);
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rename(const char *from, const char *to) {
  keep(to);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
