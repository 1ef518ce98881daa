/* Preloaded into a node: while the file named by KITH_TEST_FAULT holds a word, calls that reach the disk fail as a bad disk's do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(const char *word) {
  const char *path = getenv("KITH_TEST_FAULT");
  if (path == NULL) return 0;
  static int (*real)(const char *, int, ...);
  if (real == NULL) real = dlsym(RTLD_NEXT, "open");
  int saved = errno;
  int file = real(path, O_RDONLY);
  if (file < 0) { errno = saved; return 0; }
  char text[32] = {0};
  ssize_t got = read(file, text, sizeof text - 1);
  close(file);
  errno = saved;
  return got > 0 && strncmp(text, word, strlen(word)) == 0;
}

int fsync(int file) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
  if (fails("eio")) { errno = EIO; return -1; }
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
  if (fails("eio")) { errno = EIO; return -1; }
  return real(file);
}

#define OPEN(name)                                                        \
  int name(const char *path, int flags, ...) {                            \
    static int (*real)(const char *, int, ...);                           \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                     \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    int mode = va_arg(rest, int);                                         \
    va_end(rest);                                                         \
    if ((flags & O_CREAT) && fails("readonly")) { errno = EROFS; return -1; } \
    return real(path, flags, mode);                                       \
  }
OPEN(open)
OPEN(open64)
