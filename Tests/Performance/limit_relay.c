// limit_relay: the floor of a gateway, which is two floors: receive and send, twice. A single-threaded
// epoll relay of bytes between each client and an upstream on the loopback interface, with nothing in
// it: it does not look at what it passes on, and knows no handshake, limits, statistics or timers.
// One buffer serves all connections. What a send leaves over is kept for that connection alone, and its
// peer is not read until it has gone; an end or error on either side ends both.
// A gateway is measured against it as CPU time per echoed message on the same work in one run.
// usage: limit_relay PORT UPSTREAM_PORT        build: cc -O3 -o limit_relay limit_relay.c
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECV_BYTES = 512 * 1024, MAX_FD = 1 << 20, EVENTS = 1024 };
// One side of a pair; `peer` is 0 where there is none.
typedef struct { int peer; uint8_t *out; size_t out_len, out_off; } Side;
static Side *sides;
static uint8_t buffer[RECV_BYTES];
static int ep;

static struct sockaddr_in loopback(const char *port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}
static void control(int operation, int fd, uint32_t events) {
  struct epoll_event e = {.events = events, .data.fd = fd};
  epoll_ctl(ep, operation, fd, &e);
}
// A side is read while its peer has nothing left to send, and waits for room while it has itself.
static void settle(int fd) {
  Side *s = &sides[fd];
  control(EPOLL_CTL_MOD, fd, (sides[s->peer].out ? 0 : EPOLLIN) | (s->out ? EPOLLOUT : 0));
}
static void drop(int fd) {
  int pair[2] = {fd, sides[fd].peer};
  for (int i = 0; i < 2; i++) { free(sides[pair[i]].out); sides[pair[i]] = (Side){0}; close(pair[i]); }
}
static void on_readable(int fd) {
  int peer = sides[fd].peer;
  if (sides[peer].out) { drop(fd); return; }  // not an event for reading: the connection ended
  ssize_t r = recv(fd, buffer, RECV_BYTES, 0);
  if (r < 0 && errno == EAGAIN) return;
  if (r <= 0) { drop(fd); return; }
  ssize_t w = send(peer, buffer, r, 0);
  if (w == r) return;
  if (w < 0 && errno != EAGAIN) { drop(fd); return; }
  if (w < 0) w = 0;
  Side *s = &sides[peer];
  s->out_len = r - w; s->out_off = 0;
  if (!(s->out = malloc(s->out_len))) { drop(fd); return; }
  memcpy(s->out, buffer + w, s->out_len);
  settle(fd); settle(peer);
}
static void on_writable(int fd) {
  Side *s = &sides[fd];
  ssize_t w = send(fd, s->out + s->out_off, s->out_len - s->out_off, 0);
  if (w < 0) { if (errno != EAGAIN) drop(fd); return; }
  s->out_off += w;
  if (s->out_off < s->out_len) return;
  free(s->out); s->out = 0;
  settle(fd); settle(s->peer);
}
static void on_client(int client, const struct sockaddr_in *upstream) {
  int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
  // The upstream listens on this machine, so that a connection waits for nothing.
  if (server < 0 || connect(server, (void *)upstream, sizeof *upstream)) { perror("upstream"); close(client); if (server >= 0) close(server); return; }
  int pair[2] = {client, server};
  for (int i = 0; i < 2; i++) {
    setsockopt(pair[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sides[pair[i]] = (Side){.peer = pair[1 - i]};
    control(EPOLL_CTL_ADD, pair[i], EPOLLIN);
  }
}
int main(int argc, char **argv) {
  if (argc != 3) { fprintf(stderr, "usage: %s PORT UPSTREAM_PORT\n", argv[0]); return 2; }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
  sides = calloc(MAX_FD, sizeof *sides);
  struct sockaddr_in address = loopback(argv[1]), upstream = loopback(argv[2]);
  int ls = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(ls, (void *)&address, sizeof address) || listen(ls, 4096)) { perror("listen"); return 1; }
  ep = epoll_create1(0);
  control(EPOLL_CTL_ADD, ls, EPOLLIN);
  static struct epoll_event events[EVENTS];
  for (;;) {
    int n = epoll_wait(ep, events, EVENTS, -1);
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.fd;
      if (fd == ls) { int f = accept4(ls, 0, 0, SOCK_NONBLOCK); if (f >= 0) on_client(f, &upstream); }
      else if (!sides[fd].peer) continue;  // dropped by an earlier event of this wait
      else if (sides[fd].out && events[i].events & EPOLLOUT) on_writable(fd);
      else on_readable(fd);
    }
  }
}
