#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

int CLinux_accept(int descriptor, struct sockaddr *address, socklen_t *length) {
  return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int CLinux_setNonBlocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? flags : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int CLinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

int CLinux_peerCredentials(int descriptor, int32_t *processID, uint32_t *userID, uint32_t *groupID) {
  struct ucred peer = {0};
  socklen_t length = sizeof peer;
  int result = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length);
  *processID = peer.pid;
  *userID = peer.uid;
  *groupID = peer.gid;
  return result;
}

int CLinux_descriptorLimit(uint64_t *soft, uint64_t *hard) {
  struct rlimit limit = {0};
  int result = getrlimit(RLIMIT_NOFILE, &limit);
  *soft = limit.rlim_cur;
  *hard = limit.rlim_max;
  return result;
}

int CLinux_setDescriptorLimit(uint64_t soft, uint64_t hard) {
  struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
  return setrlimit(RLIMIT_NOFILE, &limit);
}

const char *CLinux_errorText(int number, char *text, size_t count) {
  return strerror_r(number, text, count);
}

void CLinux_nameThread(const char *name) {
  char text[16] = {0};
  strncpy(text, name, sizeof text - 1);
  pthread_setname_np(pthread_self(), text);
}

int CLinux_spawnFlags(void) { return POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK; }

int CLinux_processorCount(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int CLinux_openPath(void) { return O_PATH; }

int CLinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// What was asked to be kept free at the end of each arena; 0: what the C library thinks fit.
static int keptByteCount;

void CLinux_keepMemory(int mappedByteCount, int trimmedByteCount) {
  keptByteCount = trimmedByteCount;
  mallopt(M_MMAP_THRESHOLD, mappedByteCount);
  mallopt(M_TRIM_THRESHOLD, trimmedByteCount);
}

void CLinux_returnFreeMemory(void) { malloc_trim(0); }

void CLinux_returnFreeEnd(void) {
  if (keptByteCount == 0) return;
  mallopt(M_TRIM_THRESHOLD, 1);
  // Only when a large block is freed is the end of its arena looked at.
  void *volatile block = malloc(128 << 10);
  free(block);
  mallopt(M_TRIM_THRESHOLD, keptByteCount);
}

int CLinux_untakenByteCount(int descriptor, int *byteCount) {
  return ioctl(descriptor, SIOCOUTQ, byteCount);
}

int CLinux_acknowledgement(
    int descriptor, uint32_t *milliseconds, uint32_t *segmentCount, uint32_t *probeCount) {
  struct tcp_info info = {0};
  socklen_t length = sizeof info;
  int result = getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length);
  *milliseconds = info.tcpi_last_ack_recv;
  *segmentCount = info.tcpi_unacked;
  *probeCount = info.tcpi_probes;
  return result;
}
