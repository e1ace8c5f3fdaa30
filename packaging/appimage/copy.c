/* Where there is no FUSE: the image unpacked into the user's cache, once for each version. */

#include "copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <squashfuse.h>

enum { CHUNK = 1 << 20, FOLDER_MODE = 0700, LOCK_TRIES = 10, UNPACK_TRIES = 3 };
enum { WAIT_US = 100 * 1000, WAITS = 30 };

int fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs(IMAGE_NAME ": ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return 1;
}

char *join(const char *folder, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

/* ---- folders ---- */

static bool make_folders(char *path, mode_t mode)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, mode);
        *slash = '/';
    }
    return !mkdir(path, mode) || errno == EEXIST;
}

bool is_mine(const char *path)
{
    struct stat found;
    return path && path[0] == '/' && !lstat(path, &found) && S_ISDIR(found.st_mode) && found.st_uid == geteuid() &&
           !(found.st_mode & 022);
}

char *cache_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *folder;
    if (cache && cache[0] == '/')
        folder = join(cache, IMAGE_NAME "-appimage");
    else if (home && home[0] == '/')
        folder = join(home, ".cache/" IMAGE_NAME "-appimage");
    else {
        errno = ENOENT;
        return NULL;
    }
    if (!make_folders(folder, FOLDER_MODE))
        return NULL;
    if (!is_mine(folder)) {
        errno = EPERM;
        return NULL;
    }
    return folder;
}

static bool is_named(int file, const char *path)
{
    struct stat held, named;
    return !fstat(file, &held) && !lstat(path, &named) && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/* Returns the locked file; -1 where it cannot be had. `forget` removes these files: a lock on one that went meanwhile
 * keeps no other out. Some file systems number a file anew each time, hence the end of the tries. */
static int lock(const char *path, int how)
{
    for (int tries = 1;; tries++) {
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file >= 0 && flock(file, how) && errno == EWOULDBLOCK) {
            close(file);
            errno = EWOULDBLOCK;
            return -1;
        }
        if (file < 0 || tries == LOCK_TRIES || is_named(file, path))
            return file;
        close(file);
    }
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)found, (void)kind, (void)place;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void forget(const char *folder, const char *but)
{
    DIR *all = opendir(folder);
    for (struct dirent *each; all && (each = readdir(all));) {
        size_t length = strlen(each->d_name);
        if (length < 6 || strcmp(each->d_name + length - 5, ".lock") || (but && !strncmp(each->d_name, but, length - 5)))
            continue;
        char *path = join(folder, each->d_name);
        int held = lock(path, LOCK_EX | LOCK_NB);
        if (held >= 0) {
            char *copy = strndup(path, strlen(path) - 5), *part = NULL;
            if (copy && asprintf(&part, "%s.part", copy) > 0) {
                remove_tree(copy);
                remove_tree(part);
                unlink(path);
            }
            free(copy), free(part);
            close(held);
        }
        free(path);
    }
    if (all)
        closedir(all);
}

/* ---- unpacking ---- */

/* A full disk takes a part, and says why only when it is given the rest. */
static bool write_all(int file, const char *bytes, size_t size)
{
    while (size) {
        ssize_t taken = write(file, bytes, size);
        if (taken < 0)
            return false;
        bytes += taken;
        size -= (size_t)taken;
    }
    return true;
}

static const char *write_file(sqfs *image, sqfs_inode *inode, const char *path)
{
    static char chunk[CHUNK];
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return strerror(errno);
    const char *problem = NULL;
    for (sqfs_off_t at = 0; !problem && (uint64_t)at < inode->xtra.reg.file_size;) {
        sqfs_off_t size = CHUNK;
        if (sqfs_read_range(image, inode, at, &size, chunk) || size <= 0)
            problem = "the file is damaged; fetch it again";
        else if (!write_all(file, chunk, (size_t)size))
            problem = strerror(errno);
        at += size;
    }
    struct timespec times[2] = {{inode->base.mtime, 0}, {inode->base.mtime, 0}};
    if (fchmod(file, inode->base.mode & 0777) || futimens(file, times) || close(file))
        problem = problem ? problem : strerror(errno);
    return problem;
}

static const char *write_entry(sqfs *image, sqfs_dir_entry *entry, char *path, mode_t mode)
{
    sqfs_inode inode;
    char target[PATH_MAX];
    size_t size = sizeof target;
    if (sqfs_inode_get(image, &inode, sqfs_dentry_inode(entry)))
        return "the file is damaged; fetch it again";
    switch (sqfs_mode(inode.base.inode_type) & S_IFMT) {
    case S_IFDIR:
        return make_folders(path, mode) ? NULL : strerror(errno);
    case S_IFLNK:
        unlink(path);
        return sqfs_readlink(image, &inode, target, &size) || symlink(target, path) ? "a link cannot be written" : NULL;
    case S_IFREG:
        return write_file(image, &inode, path);
    }
    return NULL;
}

const char *unpack(off_t offset, const char *folder, const char *pattern, mode_t mode)
{
    sqfs image;
    sqfs_traverse walk;
    sqfs_err error = SQFS_OK;
    const char *problem = NULL;
    if (sqfs_open_image(&image, OWN_FILE, (size_t)offset) ||
        sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image)))
        return "the file is damaged; fetch it again";
    while (!problem && sqfs_traverse_next(&walk, &error)) {
        if (walk.dir_end || (pattern && fnmatch(pattern, walk.path, FNM_PATHNAME | FNM_LEADING_DIR)))
            continue;
        char *path = join(folder, walk.path), *slash = strrchr(path, '/');
        *slash = 0;
        make_folders(path, mode);
        *slash = '/';
        problem = write_entry(&image, &walk.entry, path, mode);
        free(path);
    }
    if (error && !problem)
        problem = "the file is damaged; fetch it again";
    sqfs_traverse_close(&walk);
    sqfs_destroy(&image);
    return problem;
}

/* Makes the copy anew. The caller holds the lock alone. */
static bool make_copy(off_t offset, const char *folder, const char *copy, const char *run)
{
    char *part = join(folder, IMAGE_ID ".part");
    fail("Unpacking once to %s, since there is no FUSE here.", copy);
    remove_tree(part);
    remove_tree(copy);
    const char *problem = unpack(offset, part, NULL, FOLDER_MODE);
    if (!problem && rename(part, copy))
        problem = strerror(errno);
    if (problem) {
        remove_tree(part);
        fail("cannot unpack to %s: %s. Set XDG_CACHE_HOME to a folder with more room.", copy, problem);
    } else if (access(run, X_OK)) {
        remove_tree(copy);
        fail("%s must not run programs. Set XDG_CACHE_HOME to a folder that may.", folder);
        problem = "";
    }
    free(part);
    return !problem;
}

/* Makes the copy where it is not whole, unless an app runs from what there is of it: that ends when its user likes. */
static bool mend_copy(off_t offset, const char *folder, const char *copy, const char *run, const char *path)
{
    for (int waits = 0; access(run, X_OK); waits++) {
        int held = lock(path, LOCK_EX | LOCK_NB);
        if (held >= 0 || errno != EWOULDBLOCK) {
            bool whole = !access(run, X_OK) || make_copy(offset, folder, copy, run);
            close(held);
            return whole;
        }
        if (waits == WAITS) {
            fail("%s is in use and damaged. Quit " IMAGE_NAME ", and start it again.", copy);
            return false;
        }
        close(lock(path, LOCK_SH)); /* while another start unpacks, however long that takes */
        usleep(WAIT_US);
    }
    return true;
}

char *unpacked(off_t offset)
{
    char *folder = cache_folder();
    if (!folder) {
        fail("there is no folder to unpack to (%s). Set XDG_CACHE_HOME to a folder of yours.", strerror(errno));
        return NULL;
    }
    forget(folder, IMAGE_ID);
    char *copy = join(folder, IMAGE_ID), *run = join(copy, "AppRun"), *path = join(folder, IMAGE_ID ".lock");
    int held = lock(path, LOCK_SH);
    for (int tries = 0; access(run, X_OK); tries++) { /* until the lock is back, another version may remove the copy */
        close(held);
        if (tries == UNPACK_TRIES) {
            fail("%s is removed again and again by another start. Start it again.", copy);
            return NULL;
        }
        if (!mend_copy(offset, folder, copy, run, path))
            return NULL;
        held = lock(path, LOCK_SH);
    }
    if (held >= 0)
        fcntl(held, F_SETFD, 0);
    return copy;
}
