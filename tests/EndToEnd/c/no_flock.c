/* Preloaded into the programs under test: a file system without flock, such as Lustre mounted without -o flock. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/file.h>

int flock(int descriptor, int operation)
{
    const char *log = getenv("NO_FLOCK_LOG");
    if (log) close(open(log, O_WRONLY | O_CREAT, 0666));
    (void)descriptor;
    (void)operation;
    errno = ENOSYS;
    return -1;
}
