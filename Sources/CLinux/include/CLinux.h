#ifndef CLINUX_H
#define CLINUX_H
// Linux interfaces that the Glibc module does not show to Swift (epoll, eventfd, signalfd,
// accept4) and the calls Swift refuses for their shape. No logic lives here.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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
#endif
