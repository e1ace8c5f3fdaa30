/* What the image's copies and its mounts have in common. */

#include <stdbool.h>
#include <sys/types.h>

#define OWN_FILE "/proc/self/exe"

/* Prints a message; returns the exit status. */
int fail(const char *format, ...);

/* Returns a path that the caller frees, or keeps. */
char *join(const char *folder, const char *name);

/* Whether a folder is the user's, and no other's to write to. */
bool is_mine(const char *path);

/* Returns the folder of unpacked copies; NULL with errno set where it cannot be had. */
char *cache_folder(void);

/* Removes the copies that no app runs from, but that of `but`. A copy that runs holds its lock. */
void forget(const char *folder, const char *but);

/* Unpacks what matches `pattern`, all where it is NULL, with folders of `mode`; returns what went wrong. */
const char *unpack(off_t offset, const char *folder, const char *pattern, mode_t mode);

/* Returns the folder of the unpacked copy, which is made where it is not there; NULL after a message. The lock on it
 * goes on into the app. */
char *unpacked(off_t offset);
