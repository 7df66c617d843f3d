/* Preloaded into the programs under test: makes libhdf5 crash, or not return, when it opens a certain file, as it does on some damaged files.
 *   FAILING_OPEN_PATH  pattern (fnmatch) of the path
 *   FAILING_OPEN_VERB  the program's first argument
 *   FAILING_OPEN_MODE  read or write
 *   FAILING_OPEN_AT    which of the matching calls of a process, from 1
 *   FAILING_OPEN_HANG  set: the call does not return; else it crashes
 *   FAILING_OPEN_LOG   is made when it happens */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int matching_calls;

static int is_verb(const char *verb)
{
    char line[4096] = "";
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t length = file ? fread(line, 1, sizeof line - 1, file) : 0;
    if (file) fclose(file);
    const char *first = line + strlen(line) + 1;
    return first < line + length && strcmp(first, verb) == 0;
}

static void before(const char *path, int flags, void *caller)
{
    const char *pattern = getenv("FAILING_OPEN_PATH"), *verb = getenv("FAILING_OPEN_VERB"), *mode = getenv("FAILING_OPEN_MODE");
    const char *at = getenv("FAILING_OPEN_AT"), *log = getenv("FAILING_OPEN_LOG");
    char real[4097];
    Dl_info from;
    if (!pattern || !verb || !mode || !at || !log || !path) return;
    if (((flags & O_ACCMODE) != O_RDONLY) != (strcmp(mode, "write") == 0)) return;
    if (!dladdr(caller, &from) || !from.dli_fname || !strstr(from.dli_fname, "libhdf5")) return;
    ssize_t length = readlink(path, real, sizeof real - 1); /* /proc/self/fd/N */
    if (length > 0) real[length] = '\0';
    if (fnmatch(pattern, length > 0 ? real : path, 0) != 0 || !is_verb(verb)) return;
    if (__sync_add_and_fetch(&matching_calls, 1) != atoi(at)) return;
    close(creat(log, 0666));
    if (getenv("FAILING_OPEN_HANG")) for (;;) pause();
    *(volatile int *)0 = 0;
}

#define OPEN(name)                                                                                    \
    int name(const char *path, int flags, ...)                                                        \
    {                                                                                                 \
        va_list rest;                                                                                 \
        va_start(rest, flags);                                                                        \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;                     \
        va_end(rest);                                                                                 \
        before(path, flags, __builtin_return_address(0));                                             \
        return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode);         \
    }

OPEN(open)
OPEN(open64)
