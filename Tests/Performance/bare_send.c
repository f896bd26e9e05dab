// bare_send: the floor of a broadcast. The same bytes to each of so many TCP connections on the
// loopback interface by one bare send(2) each, with nothing around it. A process of its own, pinned
// elsewhere, takes what comes. Rounds are paced, so that both are measured at the same load.
// usage: bare_send [CONNECTIONS [BYTES [ROUNDS [ROUNDS_PER_SECOND [CPU [DRAINER_CPU]]]]]]
//        defaults 5000 100 100 20 0 1
// prints: connections, bytes, µs of CPU per round and per send, and sends that found no room
// build: cc -O3 -o bare_send bare_send.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double clock_seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void need(int condition, const char *what) {
  if (condition) return;
  perror(what);
  exit(1);
}

static void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

// Connects and reads until the other process is gone.
static void drain(int port, int count) {
  int ep = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    need(fd >= 0, "socket");
    need(connect(fd, (void *)&a, sizeof a) == 0, "connect");
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  }
  static struct epoll_event events[1024];
  static uint8_t bytes[1 << 18];
  for (;;) {
    int n = epoll_wait(ep, events, 1024, -1);
    for (int i = 0; i < n; i++)
      if (recv(events[i].data.fd, bytes, sizeof bytes, MSG_DONTWAIT) == 0) _exit(0);
  }
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 5000;
  size_t size = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
  int rounds = argc > 3 ? atoi(argv[3]) : 100;
  double per_second = argc > 4 ? atof(argv[4]) : 20;
  int cpu = argc > 5 ? atoi(argv[5]) : 0, drainer_cpu = argc > 6 ? atoi(argv[6]) : 1;
  if (count < 1 || size < 1 || size > 1 << 20 || rounds < 1 || per_second <= 0) {
    fprintf(stderr, "usage: bare_send [CONNECTIONS [BYTES [ROUNDS [ROUNDS_PER_SECOND [CPU [DRAINER_CPU]]]]]]\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = {.sin_family = AF_INET};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof a;
  need(bind(listener, (void *)&a, sizeof a) == 0 && listen(listener, 4096) == 0, "listen");
  getsockname(listener, (void *)&a, &length);
  pid_t child = fork();
  need(child >= 0, "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(listener);
    pin(drainer_cpu);
    drain(ntohs(a.sin_port), count);
  }
  pin(cpu);
  int *connections = malloc(count * sizeof *connections), one = 1;
  for (int i = 0; i < count; i++) {
    connections[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    need(connections[i] >= 0, "accept");
    setsockopt(connections[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  uint8_t *bytes = malloc(size);
  memset(bytes, 'a', size);
  long without_room = 0;
  double cpu_time = 0, next = clock_seconds(CLOCK_MONOTONIC);
  // The first rounds warm the path up and are not counted.
  for (int round = -5; round < rounds; round++) {
    double wait = next - clock_seconds(CLOCK_MONOTONIC);
    if (wait > 0) {
      struct timespec t = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (time_t)wait) * 1e9)};
      nanosleep(&t, NULL);
    }
    next += 1 / per_second;
    double before = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < count; i++)
      if (send(connections[i], bytes, size, MSG_NOSIGNAL) != (ssize_t)size) without_room++;
    if (round >= 0) cpu_time += clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  printf("%d connections  %zu B  round %.1f us  send %.4f us  without room %ld\n", count, size,
         cpu_time * 1e6 / rounds, cpu_time * 1e6 / rounds / count, without_room);
  return 0;
}
