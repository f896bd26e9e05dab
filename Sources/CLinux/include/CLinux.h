#ifndef CLINUX_H
#define CLINUX_H
// Linux interfaces that the Glibc module does not show to Swift (epoll, eventfd, getrandom, signalfd,
// timerfd, accept4) and the calls Swift refuses for their shape. No logic lives here.
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

/// `accept4` with SOCK_NONBLOCK | SOCK_CLOEXEC.
int CLinux_accept(int descriptor, struct sockaddr *address, socklen_t *length);
/// `fcntl(F_SETFL)`, variadic in C.
int CLinux_setNonBlocking(int descriptor);
/// `open` with a mode, variadic in C.
int CLinux_open(const char *path, int flags, mode_t mode);
/// The peer's credentials of a Unix socket (SO_PEERCRED); struct ucred is hidden without _GNU_SOURCE.
int CLinux_peerCredentials(int descriptor, int32_t *processID, uint32_t *userID, uint32_t *groupID);
/// `getrlimit`/`setrlimit` of RLIMIT_NOFILE, whose constant is an enum of another type in Swift.
int CLinux_descriptorLimit(uint64_t *soft, uint64_t *hard);
int CLinux_setDescriptorLimit(uint64_t soft, uint64_t hard);
/// `strerror_r` as glibc has it: the error's sentence, in `text` or in constant memory.
const char *CLinux_errorText(int number, char *text, size_t count);
/// `pthread_setname_np` of the calling thread, cut to the 15 bytes that the kernel keeps.
void CLinux_nameThread(const char *name);
/// POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK, hidden without _GNU_SOURCE.
int CLinux_spawnFlags(void);
/// O_PATH, hidden without _GNU_SOURCE.
int CLinux_openPath(void);
/// `pipe2` with O_CLOEXEC, hidden without _GNU_SOURCE.
int CLinux_pipe(int ends[2]);
/// How many processors the process may run on (`sched_getaffinity`, CPU_COUNT is a macro).
int CLinux_processorCount(void);
/// `ioctl(SIOCOUTQ)`, variadic in C.
int CLinux_untakenByteCount(int descriptor, int *byteCount);
/// `getsockopt` of TCP_INFO: what the peer's TCP has acknowledged, and when.
int CLinux_acknowledgement(
    int descriptor, uint32_t *milliseconds, uint32_t *segmentCount, uint32_t *probeCount);
/// `mallopt` of M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
void CLinux_keepMemory(int mappedByteCount, int trimmedByteCount);
/// `malloc_trim` of 0: what is free in all arenas, but for the ends of threads' arenas.
void CLinux_returnFreeMemory(void);
/// What is free at the end of the calling thread's arena; one thread at a time.
void CLinux_returnFreeEnd(void);
#endif
