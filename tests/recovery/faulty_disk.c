/* A disk that fails when it is told to: preloaded into the venue, it stands before the system calls
   that write, for the files of one directory.

   Environment:
     FAULTY_DISK_DATA     the directory, absolute and without links; everything else is left alone
     FAULTY_DISK_ORDERS   a file of one line, looked at before each operation; it may come, change and
                          go at any moment. A line that has changed is counted from 1 again:
                            kill-in PATTERN N             do a part of the Nth write, up to a sector's end,
                                                          then SIGKILL
                            kill-before OPERATION PATTERN N
                            kill-after OPERATION PATTERN N
                            fail OPERATION PATTERN ERRNO  fail every one: ENOSPC, EIO, EROFS or a number
                          OPERATION is write, sync, truncate or any; PATTERN is a shell pattern of the
                          file's name, without its directory: '*', 'journal.db-wal'; with @OFFSET
                          behind it only a write that begins there counts: 'journal.db-wal@0'
     FAULTY_DISK_UNDO     what files outside the directory begin with, one for each process and made by
                          it (.PID is added): what the disk has not synced yet can be taken back with
                          them (tests/recovery/lost_cache.py). Records, little endian:
                            u8 kind (0 change, 1 synced), u64 inode, u64 size before, u64 offset,
                            u64 span, u64 length, then as many bytes as were there before; the change
                            reached from offset to offset + span
                          A file is emptied whenever nothing is left to be taken back.

   Processes that the venue begins have the same disk, and count for themselves.

   Stood before are write, pwrite, pwritev, writev, ftruncate, fsync, fdatasync and their variants for
   large files. Not seen: memory maps (SQLite's -shm, which it makes anew after a crash), renames,
   truncation by a path.

   cc -shared -fPIC -O2 -o faulty_disk.so faulty_disk.c -lpthread */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum action { NOTHING, KILL_IN, KILL_BEFORE, KILL_AFTER };
enum operation { WRITE, SYNC, TRUNCATE };

#define MOST_DIRTY 256
#define SECTOR 512

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_orders[256];
static long count;
static int undo = -1;
static uint64_t dirty[MOST_DIRTY];
static int dirty_count;

static void die(void)
{
    syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
    for (;;)
        pause();
}

/* The name of a file in the directory that is watched, without its directories; NULL for others. */
static const char *watched(int fd, char *path, size_t size)
{
    const char *data = getenv("FAULTY_DISK_DATA");
    char link[40];
    size_t length;
    ssize_t got;
    if (data == NULL || fd < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    got = syscall(SYS_readlinkat, AT_FDCWD, link, path, size - 1);
    if (got <= 0)
        return NULL;
    path[got] = 0;
    length = strlen(data);
    if (strncmp(path, data, length) != 0 || path[length] != '/')
        return NULL;
    return strrchr(path, '/') + 1;
}

static int code_of(const char *name)
{
    if (strcmp(name, "ENOSPC") == 0)
        return ENOSPC;
    if (strcmp(name, "EIO") == 0)
        return EIO;
    if (strcmp(name, "EROFS") == 0)
        return EROFS;
    return atoi(name);
}

/* What the orders say of this operation, at `offset` if it is a write: an action now, or an error
   number. */
static enum action decide(enum operation operation, const char *name, off_t offset, int *error)
{
    static const char *const names[] = {"write", "sync", "truncate"};
    const char *path = getenv("FAULTY_DISK_ORDERS");
    char text[256], what[16] = "", of[16] = "", pattern[128] = "", last[32] = "", *place;
    enum action action;
    ssize_t got;
    int fd;
    *error = 0;
    if (path == NULL)
        return NOTHING;
    fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        last_orders[0] = 0;
        return NOTHING;
    }
    got = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    text[got > 0 ? got : 0] = 0;
    if (strcmp(text, last_orders) != 0) {
        strcpy(last_orders, text);
        count = 0;
    }
    if (sscanf(text, "%15s", what) != 1)
        return NOTHING;
    if (strcmp(what, "kill-in") == 0) {
        strcpy(of, "write");
        if (sscanf(text, "%*s %127s %31s", pattern, last) != 2)
            return NOTHING;
        action = KILL_IN;
    } else {
        if (sscanf(text, "%*s %15s %127s %31s", of, pattern, last) != 3)
            return NOTHING;
        action = strcmp(what, "kill-before") == 0 ? KILL_BEFORE : KILL_AFTER;
    }
    if (strcmp(of, "any") != 0 && strcmp(of, names[operation]) != 0)
        return NOTHING;
    place = strrchr(pattern, '@');
    if (place != NULL) {
        *place = 0;
        if (operation != WRITE || atoll(place + 1) != (long long)offset)
            return NOTHING;
    }
    if (fnmatch(pattern, name, 0) != 0)
        return NOTHING;
    if (strcmp(what, "fail") == 0) {
        *error = code_of(last);
        return NOTHING;
    }
    return ++count == atol(last) ? action : NOTHING;
}

static void all(int fd, const void *bytes, size_t length)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = syscall(SYS_write, fd, next, length);
        if (written <= 0)
            die(); /* without its undo log a test would prove nothing */
        next += written;
        length -= written;
    }
}

static void record(uint8_t kind, const uint64_t fields[5])
{
    unsigned char head[41];
    head[0] = kind;
    memcpy(head + 1, fields, 40);
    all(undo, head, sizeof head);
}

/* Note what an operation is about to replace: `length` bytes from `offset` on. */
static void note(int fd, off_t offset, size_t length)
{
    const char *path = getenv("FAULTY_DISK_UNDO");
    const size_t span = length;
    char link[40], own[4096], *old;
    struct stat status;
    ssize_t got = 0;
    int i, reader;
    if (path == NULL || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    snprintf(own, sizeof own, "%s.%d", path, (int)getpid());
    if (undo < 0)
        undo = syscall(SYS_openat, AT_FDCWD, own, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (undo < 0)
        die();
    for (i = 0; i < dirty_count && dirty[i] != (uint64_t)status.st_ino; i++)
        ;
    if (i == dirty_count) {
        if (dirty_count == MOST_DIRTY)
            die();
        dirty[dirty_count++] = status.st_ino;
    }
    if (offset >= status.st_size)
        length = 0;
    else if (length > (size_t)(status.st_size - offset))
        length = status.st_size - offset;
    old = malloc(length + 1);
    if (old == NULL)
        die();
    if (length > 0) { /* the descriptor itself may be for writing only */
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        reader = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
        got = reader < 0 ? -1 : syscall(SYS_pread64, reader, old, length, offset);
        if (got != (ssize_t)length)
            die();
        syscall(SYS_close, reader);
    }
    uint64_t fields[5] = {status.st_ino, status.st_size, offset, span, length};
    record(0, fields);
    all(undo, old, length);
    free(old);
}

static void note_synced(int fd)
{
    struct stat status;
    int i;
    if (undo < 0 || fstat(fd, &status) != 0)
        return;
    for (i = 0; i < dirty_count && dirty[i] != (uint64_t)status.st_ino; i++)
        ;
    if (i == dirty_count)
        return;
    dirty[i] = dirty[--dirty_count];
    if (dirty_count == 0) {
        if (syscall(SYS_ftruncate, undo, 0L) != 0)
            die();
    } else {
        uint64_t fields[5] = {status.st_ino};
        record(1, fields);
    }
}

/* How much of a write is done when it is torn: about half, up to a sector's end, for neither disks
   nor kernels tear a sector. */
static size_t torn(off_t offset, size_t length)
{
    off_t half = (offset + (off_t)length / 2) / SECTOR * SECTOR;
    return half > offset ? half - offset : 0;
}

/* `offset` is -1 for the place where the file is. */
static ssize_t put(int fd, const void *bytes, size_t length, off_t offset)
{
    char path[4096];
    const char *name = watched(fd, path, sizeof path);
    enum action action;
    ssize_t written;
    off_t at = offset;
    int error;
    if (name == NULL) {
        if (offset < 0)
            return syscall(SYS_write, fd, bytes, length);
        return syscall(SYS_pwrite64, fd, bytes, length, offset);
    }
    pthread_mutex_lock(&lock);
    if (offset < 0) {
        at = syscall(SYS_lseek, fd, 0, SEEK_CUR);
        if (at >= 0 && syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND)
            at = syscall(SYS_lseek, fd, 0, SEEK_END);
    }
    action = decide(WRITE, name, at, &error);
    if (error != 0) {
        pthread_mutex_unlock(&lock);
        errno = error;
        return -1;
    }
    if (action == KILL_BEFORE)
        die();
    if (at >= 0)
        note(fd, at, length);
    if (action == KILL_IN)
        length = torn(at, length);
    if (offset < 0)
        written = syscall(SYS_write, fd, bytes, length);
    else
        written = syscall(SYS_pwrite64, fd, bytes, length, offset);
    error = errno;
    if (action != NOTHING)
        die();
    pthread_mutex_unlock(&lock);
    errno = error;
    return written;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    return put(fd, bytes, length, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return put(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    return put(fd, bytes, length, offset);
}

/* The parts one after the other; less than all may be written, as of any writev. */
static ssize_t put_all(int fd, const struct iovec *parts, int number, off_t offset)
{
    ssize_t total = 0;
    for (int i = 0; i < number; i++) {
        off_t at = offset < 0 ? -1 : offset + total;
        ssize_t written = put(fd, parts[i].iov_base, parts[i].iov_len, at);
        if (written < 0)
            return total > 0 ? total : -1;
        total += written;
        if ((size_t)written < parts[i].iov_len)
            break;
    }
    return total;
}

ssize_t writev(int fd, const struct iovec *parts, int number)
{
    char path[4096];
    if (watched(fd, path, sizeof path) == NULL)
        return syscall(SYS_writev, fd, parts, number);
    return put_all(fd, parts, number, -1);
}

ssize_t pwritev(int fd, const struct iovec *parts, int number, off_t offset)
{
    return put_all(fd, parts, number, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int number, off64_t offset)
{
    return put_all(fd, parts, number, offset);
}

static int resize(int fd, off_t size)
{
    char path[4096];
    const char *name = watched(fd, path, sizeof path);
    enum action action;
    struct stat status;
    int error, result;
    if (name == NULL)
        return syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    action = decide(TRUNCATE, name, -1, &error);
    if (error != 0) {
        pthread_mutex_unlock(&lock);
        errno = error;
        return -1;
    }
    if (action == KILL_BEFORE)
        die();
    if (fstat(fd, &status) == 0)
        note(fd, size, size < status.st_size ? status.st_size - size : 0);
    result = syscall(SYS_ftruncate, fd, size);
    error = errno;
    if (action == KILL_AFTER)
        die();
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int ftruncate(int fd, off_t size)
{
    return resize(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return resize(fd, size);
}

static int sync_to_disk(long number, int fd)
{
    char path[4096];
    const char *name = watched(fd, path, sizeof path);
    enum action action;
    int error, result;
    if (name == NULL)
        return syscall(number, fd);
    pthread_mutex_lock(&lock);
    action = decide(SYNC, name, -1, &error);
    if (error != 0) {
        pthread_mutex_unlock(&lock);
        errno = error;
        return -1;
    }
    if (action == KILL_BEFORE)
        die();
    result = syscall(number, fd);
    error = errno;
    if (result == 0)
        note_synced(fd);
    if (action == KILL_AFTER)
        die();
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int fsync(int fd)
{
    return sync_to_disk(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_to_disk(SYS_fdatasync, fd);
}
