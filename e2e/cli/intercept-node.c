/*
 * Preloaded into Node, before the library that answers kexec_load (e2e/oracle/intercept.c): what that one moves for
 * kexec(8), this one moves for the calls that Node makes, and /run too; and it answers kexec_file_load.
 *
 *   KEXEC_ROOT   a folder: files under it stand for those of the same path in /proc, /sys and /run
 *   KEXEC_REPORT a file: of each kexec_file_load flags, sizes and command line are appended as text
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* With and without what is below: whoever makes a folder makes its parents, too. */
static int is_below(const char *path, const char *folder) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static const char *moved(const char *path, char into[4096]) {
  const char *root = getenv("KEXEC_ROOT");
  if (!root || !path) return path;
  if (!is_below(path, "/proc") && !is_below(path, "/sys") && !is_below(path, "/run")) return path;
  if (snprintf(into, 4096, "%s%s", root, path) >= 4096) abort();
  return into;
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  char buffer[4096];
  return NEXT(open64)(moved(path, buffer), flags, mode);
}

int scandir64(const char *path, struct dirent64 ***names, int (*filter)(const struct dirent64 *),
              int (*compare)(const struct dirent64 **, const struct dirent64 **)) {
  char buffer[4096];
  return NEXT(scandir64)(moved(path, buffer), names, filter, compare);
}

int mkdir(const char *path, mode_t mode) {
  char buffer[4096];
  return NEXT(mkdir)(moved(path, buffer), mode);
}

int rename(const char *from, const char *to) {
  char one[4096], two[4096];
  return NEXT(rename)(moved(from, one), moved(to, two));
}

int unlink(const char *path) {
  char buffer[4096];
  return NEXT(unlink)(moved(path, buffer));
}

static long size_of(int fd) {
  struct stat status;
  return fstat(fd, &status) ? -1 : (long)status.st_size;
}

static long file_load(const long a[6]) {
  const char *path = getenv("KEXEC_REPORT");
  FILE *report = path ? fopen(path, "a") : NULL;
  if (!report) return 0;
  fprintf(report, "file flags %#lx kernel %ld initrd %ld command line %s\n", a[4], size_of((int)a[0]), size_of((int)a[1]),
          a[3] ? (const char *)a[3] : "");
  fclose(report);
  return 0;
}

long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(arguments, long);
  va_end(arguments);
  char buffer[4096];
  if (number == SYS_kexec_file_load) return file_load(a);
  if (number == SYS_statx) a[1] = (long)moved((const char *)a[1], buffer);
  return NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
