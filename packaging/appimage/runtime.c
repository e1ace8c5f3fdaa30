/* The head of an AppImage of type 2: it serves the SquashFS image behind it by FUSE, or unpacks it once where there is
 * no FUSE, and becomes the AppRun in there. See docs/adr/0034-appimage-runtime.md.
 *
 * Everything lies in folders that only the user can write: a file system under a name that can be guessed in /tmp might
 * be another user's. All starts of the same file share one mount, which ends IDLE_S after its last open file.
 *
 * IMAGE_NAME and IMAGE_ID, by which images are told apart, are defined by packaging/shipping/appimage.py. */

#include "copy.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ll.h>

enum { IDLE_S = 10, ASKED_IDLE_S = 1, FOLDER_MODE = 0755 };

static const char HELP[] =
    "Options of the file, beside the app's own (--help):\n"
    "  --appimage-extract [PATTERN]  unpack all, or what matches, into squashfs-root\n"
    "  --appimage-extract-and-run    do without FUSE; so does APPIMAGE_EXTRACT_AND_RUN=1\n"
    "  --appimage-forget             remove what was unpacked for want of FUSE\n"
    "  --appimage-mount              mount, print where, and wait for Ctrl+C\n"
    "  --appimage-offset             print where the SquashFS image begins\n"
    "  --appimage-version            print which runtime this is\n";

static off_t find_image(void)
{
    Elf64_Ehdr head;
    int file = open(OWN_FILE, O_RDONLY | O_CLOEXEC);
    off_t end = file >= 0 && pread(file, &head, sizeof head, 0) == sizeof head
                    ? (off_t)(head.e_shoff + (Elf64_Off)head.e_shentsize * head.e_shnum) : 0;
    close(file);
    return end;
}

/* ---- mounting ---- */

static bool has_program(const char *name)
{
    const char *path = getenv("PATH");
    char *all = strdup(path ? path : "/usr/bin:/bin"), *rest = all;
    bool found = false;
    for (char *folder; !found && (folder = strsep(&rest, ":"));) {
        char *program = join(folder, name);
        found = folder[0] && !access(program, X_OK);
        free(program);
    }
    free(all);
    return found;
}

static struct fuse_session *session;

/* At logout all processes are asked to end at once: an app that then saves still needs its files. */
static void end_once_idle(int signal)
{
    (void)signal;
    setup_idle_timeout(session, ASKED_IDLE_S);
}

/* squashfuse's clock sends SIGINT to its own process. */
static void end_by_own_clock(int signal, siginfo_t *from, void *context)
{
    (void)signal, (void)context;
    if (from->si_pid == getpid())
        fuse_session_exit(session);
}

/* Whatever the caller ignores or blocks: a shell's job in the background ignores SIGINT. */
static void handle_signals(void)
{
    sigset_t none;
    struct sigaction asked = {.sa_handler = end_once_idle},
                     clock = {.sa_sigaction = end_by_own_clock, .sa_flags = SA_SIGINFO};
    sigaction(SIGTERM, &asked, NULL);
    sigaction(SIGHUP, &asked, NULL);
    sigaction(SIGINT, &clock, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void ignore_signals(void)
{
    signal(SIGTERM, SIG_IGN), signal(SIGHUP, SIG_IGN), signal(SIGINT, SIG_IGN), signal(SIGPIPE, SIG_IGN);
}

/* Serves the image until it is idle. Holds nothing of the caller's open, and writes to none of it. */
static int serve(off_t offset, const char *place, int ready)
{
    ignore_signals();
    int nothing = open("/dev/null", O_RDWR);
    for (int each = 0; each < 3; each++)
        dup2(nothing, each);
    ready = dup2(ready, 3);
    close_range(4, ~0U, 0);
    setsid();
    if (chdir("/"))
        return 1;
    char *options[] = {IMAGE_NAME, "-oro,nodev,nosuid,subtype=appimage,fsname=" IMAGE_NAME, NULL};
    struct fuse_args args = FUSE_ARGS_INIT(2, options);
    struct fuse_lowlevel_ops operations = {
        .getattr = sqfs_ll_op_getattr, .opendir = sqfs_ll_op_opendir, .releasedir = sqfs_ll_op_releasedir,
        .readdir = sqfs_ll_op_readdir, .lookup = sqfs_ll_op_lookup,   .open = sqfs_ll_op_open,
        .create = sqfs_ll_op_create,   .release = sqfs_ll_op_release, .read = sqfs_ll_op_read,
        .readlink = sqfs_ll_op_readlink, .forget = sqfs_ll_op_forget, .statfs = stfs_ll_op_statfs,
        .init = sqfs_ll_op_init,
    };
    sqfs_ll_chan channel;
    sqfs_ll *image = sqfs_ll_open(OWN_FILE, (size_t)offset);
    if (!image || sqfs_ll_mount(&channel, place, &args, &operations, sizeof operations, image))
        return 1;
    session = channel.session;
    if (write(ready, "1", 1) == 1) {
        close(ready);
        setup_idle_timeout(session, IDLE_S);
        handle_signals();
        fuse_session_loop(session);
        ignore_signals();
        teardown_idle_timeout();
    }
    sqfs_ll_unmount(&channel, place);
    rmdir(place);
    return 0;
}

static void unmount(const char *place)
{
    if (!umount2(place, MNT_DETACH))
        return;
    pid_t child = fork();
    if (!child) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 1), dup2(nothing, 2);
        execlp("fusermount3", "fusermount3", "-u", "-z", place, (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

/* Starts the process that serves the image, as no child of the app; returns whether `place` is mounted. */
static bool start_serving(off_t offset, const char *place)
{
    int ends[2];
    char byte;
    if (pipe2(ends, O_CLOEXEC))
        return false;
    pid_t child = fork();
    if (!child) {
        if (!fork())
            _exit(serve(offset, place, ends[1]));
        _exit(0);
    }
    close(ends[1]);
    waitpid(child, NULL, 0);
    bool mounted = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    return mounted;
}

/* The folder where the image is mounted; NULL where it cannot be. An open file in it keeps it until the app has its own:
 * a mount that is about to end answers no more, and then there is a new one. */
static char *mounted(off_t offset)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    const char *folder = is_mine(runtime) ? runtime : cache_folder();
    if (!folder || access("/dev/fuse", R_OK | W_OK) || (geteuid() && !has_program("fusermount3")))
        return NULL;
    /* Removing a folder unmounts what lies on it in other namespaces, such as a container's: each has its own. */
    struct stat space;
    char *place;
    unsigned long number = stat("/proc/self/ns/mnt", &space) ? 0 : space.st_ino;
    if (asprintf(&place, "%s/" IMAGE_NAME "-appimage-" IMAGE_ID "-%lu", folder, number) < 0)
        return NULL;
    char *run = join(place, "AppRun");
    int held = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (held >= 0)
        flock(held, LOCK_EX);
    bool usable = open(run, O_RDONLY | O_CLOEXEC) >= 0;
    for (int tries = 0; !usable && tries < 2; tries++) { /* what served it before may take the folder away in between */
        if (errno == ENOTCONN || errno == ECONNABORTED)
            unmount(place); /* what served it was killed */
        if (!mkdir(place, 0700) || errno == EEXIST)
            usable = start_serving(offset, place) && open(run, O_RDONLY | O_CLOEXEC) >= 0;
        if (!usable)
            rmdir(place);
    }
    if (held >= 0)
        close(held);
    return usable ? place : NULL;
}

/* ---- options ---- */

/* Another user's folder of that name, or one that others write to, may hold links that lead elsewhere. */
static int extract(off_t offset, const char *pattern)
{
    static const char NAME[] = "squashfs-root";
    struct stat found;
    if (mkdir(NAME, FOLDER_MODE) && errno != EEXIST)
        return fail("cannot unpack to %s: %s", NAME, strerror(errno));
    int folder = open(NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 || fstat(folder, &found) || found.st_uid != geteuid() || found.st_mode & 022 || fchdir(folder))
        return fail("%s is there, and no folder that you alone can write to. Remove it, or unpack elsewhere.", NAME);
    const char *problem = unpack(offset, ".", pattern, FOLDER_MODE);
    if (problem)
        return fail("cannot unpack to %s: %s", NAME, problem);
    puts(NAME);
    return 0;
}

static int run_option(const char *option, off_t offset, const char *argument)
{
    char *folder;
    if (!strcmp(option, "extract"))
        return extract(offset, argument);
    if (!strcmp(option, "forget")) {
        if ((folder = cache_folder())) {
            forget(folder, NULL);
            rmdir(folder);
        }
        return 0;
    }
    if (!strcmp(option, "mount")) {
        if (!(folder = mounted(offset)))
            return fail("cannot mount: there is no FUSE here, or no fusermount3.");
        puts(folder);
        fflush(stdout);
        return pause();
    }
    if (!strcmp(option, "offset"))
        return printf("%lld\n", (long long)offset) < 0;
    if (!strcmp(option, "version"))
        return puts("Intone's own runtime of AppImage type 2, with squashfuse " PACKAGE_VERSION) < 0;
    if (!strcmp(option, "help"))
        return fputs(HELP, stdout) < 0;
    return fail("there is no option --appimage-%s; --appimage-help names all.", option);
}

int main(int count, char **words)
{
    static const char PREFIX[] = "--appimage-", ONLY_UNPACK[] = "--appimage-extract-and-run";
    const char *asked = getenv("APPIMAGE_EXTRACT_AND_RUN");
    bool only_unpack = asked && *asked && strcmp(asked, "0");
    off_t offset = find_image();
    if (count > 1 && !strcmp(words[1], ONLY_UNPACK)) {
        only_unpack = true;
        words[1] = words[0];
        words++;
    } else if (count > 1 && !strncmp(words[1], PREFIX, sizeof PREFIX - 1))
        return run_option(words[1] + sizeof PREFIX - 1, offset, words[2]);

    char own[PATH_MAX], here[PATH_MAX], real[PATH_MAX];
    char *folder = only_unpack ? NULL : mounted(offset);
    if (!folder && !(folder = unpacked(offset)))
        return 1;
    if (realpath(OWN_FILE, own))
        setenv("APPIMAGE", own, 1);
    if (getcwd(here, sizeof here))
        setenv("OWD", here, 1);
    setenv("APPDIR", realpath(folder, real) ? real : folder, 1); /* the app finds itself in there by its real path */
    setenv("ARGV0", words[0], 1);
    char *run = join(folder, "AppRun");
    execv(run, words);
    return fail("cannot start %s: %s", run, strerror(errno));
}
