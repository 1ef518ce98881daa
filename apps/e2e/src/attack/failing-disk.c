/* Makes file calls below a folder fail, for a process that is started with it (LD_PRELOAD, Linux).
 * FAILING_DISK_FOLDER: the folder. FAILING_DISK_CALL: open, read, write, sync, rename or unlink. FAILING_DISK_FROM: the first
 * such call that fails, from 1. FAILING_DISK_COUNT: how many fail. FAILING_DISK_ERRNO: with what, EIO unless set.
 * FAILING_DISK_TOLD: a file that gets a byte for every failure. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 65536 };
static atomic_bool ours[FILES];
static atomic_long calls;
static const char *folder, *kind;
static long from, count;
static int number, told = -1;

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

__attribute__((constructor)) static void begin(void) {
  folder = getenv("FAILING_DISK_FOLDER");
  kind = getenv("FAILING_DISK_CALL");
  from = atol(getenv("FAILING_DISK_FROM") ?: "1");
  count = atol(getenv("FAILING_DISK_COUNT") ?: "1");
  number = atoi(getenv("FAILING_DISK_ERRNO") ?: "5");
  const char *path = getenv("FAILING_DISK_TOLD");
  REAL(int, "open64", const char *, int, ...)
  if (path) told = real(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int fails(const char *what) {
  if (!kind || strcmp(kind, what) != 0) return 0;
  long now = atomic_fetch_add(&calls, 1) + 1;
  if (now < from || now - from >= count) return 0;
  REAL(ssize_t, "write", int, const void *, size_t)
  if (told >= 0) (void)!real(told, "x", 1);
  errno = number;
  return 1;
}
static int below(const char *path) {
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}
/* Not every way to close a descriptor comes by here: the system is asked what it is now, so that no socket fails. */
static int isOurs(int fd) {
  if (!folder || fd < 0 || fd >= FILES || !ours[fd]) return 0;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int kept = errno;
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = kept;
  path[length > 0 ? length : 0] = 0;
  if (below(path)) return 1;
  ours[fd] = 0;
  return 0;
}
static int mark(int fd, int is) {
  if (fd >= 0 && fd < FILES) ours[fd] = is;
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list); \
    REAL(int, #name, const char *, int, ...) \
    if (below(path) && fails("open")) return -1; \
    return mark(real(path, flags, mode), below(path)); \
  }
OPEN(open)
OPEN(open64)
int openat(int at, const char *path, int flags, ...) {
  va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list);
  REAL(int, "openat", int, const char *, int, ...)
  if (below(path) && fails("open")) return -1;
  return mark(real(at, path, flags, mode), below(path));
}
int close(int fd) {
  REAL(int, "close", int)
  mark(fd, 0);
  return real(fd);
}

#define ON_FILE(result, name, what, parameters, arguments) \
  result name parameters { \
    static result (*real) parameters; \
    if (!real) real = (result (*) parameters)dlsym(RTLD_NEXT, #name); \
    if (isOurs(fd) && fails(what)) return -1; \
    return real arguments; \
  }
ON_FILE(ssize_t, read, "read", (int fd, void *to, size_t length), (fd, to, length))
ON_FILE(ssize_t, pread, "read", (int fd, void *to, size_t length, off_t at), (fd, to, length, at))
ON_FILE(ssize_t, pread64, "read", (int fd, void *to, size_t length, off64_t at), (fd, to, length, at))
ON_FILE(ssize_t, readv, "read", (int fd, const struct iovec *to, int n), (fd, to, n))
ON_FILE(ssize_t, preadv, "read", (int fd, const struct iovec *to, int n, off_t at), (fd, to, n, at))
ON_FILE(ssize_t, preadv64, "read", (int fd, const struct iovec *to, int n, off64_t at), (fd, to, n, at))
ON_FILE(ssize_t, write, "write", (int fd, const void *of, size_t length), (fd, of, length))
ON_FILE(ssize_t, pwrite, "write", (int fd, const void *of, size_t length, off_t at), (fd, of, length, at))
ON_FILE(ssize_t, pwrite64, "write", (int fd, const void *of, size_t length, off64_t at), (fd, of, length, at))
ON_FILE(ssize_t, writev, "write", (int fd, const struct iovec *of, int n), (fd, of, n))
ON_FILE(ssize_t, pwritev, "write", (int fd, const struct iovec *of, int n, off_t at), (fd, of, n, at))
ON_FILE(ssize_t, pwritev64, "write", (int fd, const struct iovec *of, int n, off64_t at), (fd, of, n, at))
ON_FILE(int, fsync, "sync", (int fd), (fd))
ON_FILE(int, fdatasync, "sync", (int fd), (fd))
ON_FILE(int, ftruncate, "write", (int fd, off_t length), (fd, length))
ON_FILE(int, ftruncate64, "write", (int fd, off64_t length), (fd, length))

int rename(const char *old, const char *new) {
  REAL(int, "rename", const char *, const char *)
  return below(new) && fails("rename") ? -1 : real(old, new);
}
int unlink(const char *path) {
  REAL(int, "unlink", const char *)
  return below(path) && fails("unlink") ? -1 : real(path);
}
