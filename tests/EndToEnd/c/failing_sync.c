/* Preloaded into the programs under test: makes the n-th fsync or fdatasync of a process on a matching file fail with EIO, as a dying disk or
 * a file server does, and appends the file's path to a log.
 *   FAILING_SYNC_PATH  pattern (fnmatch) of the file's path
 *   FAILING_SYNC_AT    which of the matching calls of a process, from 1, and only in the first process that gets there; 0: all calls of all processes
 *   FAILING_SYNC_LOG   the log */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int matching_calls;

static int fails(int descriptor)
{
    const char *pattern = getenv("FAILING_SYNC_PATH"), *at = getenv("FAILING_SYNC_AT"), *log = getenv("FAILING_SYNC_LOG");
    char name[64], path[PATH_MAX + 1];
    if (!pattern || !at || !log) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, PATH_MAX);
    if (length < 0) return 0;
    path[length] = '\0';
    if (fnmatch(pattern, path, 0) != 0) return 0;
    int call = __sync_add_and_fetch(&matching_calls, 1);
    if (atoi(at) != 0 && (call != atoi(at) || access(log, F_OK) == 0)) return 0;
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    path[length++] = '\n';
    if (out < 0 || write(out, path, length) != length) abort();
    close(out);
    return 1;
}

static int call(const char *function, int descriptor)
{
    if (fails(descriptor)) {
        errno = EIO;
        return -1;
    }
    return ((int (*)(int))dlsym(RTLD_NEXT, function))(descriptor);
}

int fsync(int descriptor) { return call("fsync", descriptor); }

int fdatasync(int descriptor) { return call("fdatasync", descriptor); }
