/*
 * Preloaded into a process: its clocks are as many seconds ahead as the file named by CLOCK_SHIFT says (two
 * little-endian int64, for the wall clock and for the one that measures intervals; mapped, so that a test moves
 * the time of a running process). /proc/uptime is the file named by CLOCK_UPTIME, if that is set.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int open_file(const char *path, int flags, mode_t mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static const volatile int64_t *shifts(void) {
  static volatile int64_t *seconds;
  if (seconds == NULL) {
    const char *name = getenv("CLOCK_SHIFT");
    int file = name == NULL ? -1 : open_file(name, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) abort();
    void *mapped = mmap(NULL, 2 * sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) abort();
    close(file);
    seconds = mapped;
  }
  return seconds;
}

/* No dlsym(): a server's allocator asks the time before the linker is ready. */
int clock_gettime(clockid_t which, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, which, now);
  if (result != 0) return result;
  if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) now->tv_sec += shifts()[0];
  if (which == CLOCK_MONOTONIC || which == CLOCK_MONOTONIC_COARSE) now->tv_sec += shifts()[1];
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = (int)syscall(SYS_gettimeofday, now, zone);
  if (result == 0) now->tv_sec += shifts()[0];
  return result;
}

time_t time(time_t *seconds) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (seconds != NULL) *seconds = now.tv_sec;
  return now.tv_sec;
}

static int open_or_uptime(const char *path, int flags, va_list rest) {
  mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
  const char *uptime = getenv("CLOCK_UPTIME");
  if (uptime != NULL && strcmp(path, "/proc/uptime") == 0) path = uptime;
  return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int file = open_or_uptime(path, flags, rest);
  va_end(rest);
  return file;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int file = open_or_uptime(path, flags | O_LARGEFILE, rest);
  va_end(rest);
  return file;
}
