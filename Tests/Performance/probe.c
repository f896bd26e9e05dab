// probe: the round trip of a paced echo, as one session among others meets it.
// usage: probe PORT CONNECTIONS PER_SECOND PATH
//
// Opens the connections one after the other and prints their local ports ("open 40112 40114 ..."),
// since the engine's list names sessions by these. Then lines on standard input say what to do:
//   groups 0 1 - 0 ...   which group each connection counts for; - is not used
//   mark NAME            print what was measured since the last mark, as one JSON object
//   pause                say nothing until "resume", and print how many messages were sent in all, when
//                        they are answered or a second has passed
//   end                  wait a second for what is on its way, close with 1000, end
// Messages go by the clock, whatever the server does, over the connections that are used in turn. A
// round trip is counted from the instant before the message is written to that after its echo was
// read; at a mark, what is not answered counts with the time that it has waited, and no more later.
// How late messages left tells whether this process had to wait for its own processor: that is in no
// round trip, but their reading may be as late. Without "end" the end of standard input ends it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { maximum_groups = 4, payload_size = 16, in_flight_most = 1 << 16 };

typedef struct {
  uint64_t sent;     // when, in nanoseconds
  uint64_t number;   // stands in the payload
  int counted;       // at a mark already
} Flight;

typedef struct {
  int fd, group, lost;
  Flight *flights; unsigned first, last;  // a ring
  uint8_t frame[2 + 4 + 125]; size_t have;
} Connection;

typedef struct { uint64_t *values; size_t count, room; uint64_t greatest, greatest_at; } Samples;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }

static Samples trips[maximum_groups], lateness;
static uint64_t pending[maximum_groups], wrong, lost[maximum_groups], interval_began;

static void fail(const char *what) { fprintf(stderr, "probe: %s: %s\n", what, strerror(errno)); exit(1); }

static void note(Samples *s, uint64_t value, uint64_t at) {
  if (s->count == s->room) {
    s->room = s->room ? s->room * 2 : 4096;
    if (!(s->values = realloc(s->values, s->room * sizeof *s->values))) fail("realloc");
  }
  s->values[s->count++] = value;
  if (value >= s->greatest) { s->greatest = value; s->greatest_at = at; }
}

static int ascending(const void *a, const void *b) { uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b; return x < y ? -1 : x > y; }

static double at_share(const Samples *s, double share) {
  if (!s->count) return 0;
  size_t i = s->count * share; if (i >= s->count) i = s->count - 1;
  return s->values[i] / 1e3;
}

static void print_samples(Samples *s) {
  qsort(s->values, s->count, sizeof *s->values, ascending);
  printf("\"count\":%zu,\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f,\"maxAt\":%.2f", s->count, at_share(s, .5), at_share(s, .99), at_share(s, .999), s->greatest / 1e3, s->count ? (s->greatest_at - interval_began) / 1e9 : 0);
  *s = (Samples){.values = s->values, .room = s->room};
}

static void mark(const char *name, Connection *connections, int count, int groups) {
  uint64_t now = now_ns();
  for (int i = 0; i < count; i++) {
    Connection *c = &connections[i];
    if (c->group < 0) continue;
    for (unsigned k = c->first; k != c->last; k++) {
      Flight *f = &c->flights[k % in_flight_most];
      if (f->counted) continue;
      // What has only just left says nothing yet.
      if (now - f->sent < 5000000 && !c->lost) continue;
      f->counted = 1; pending[c->group]++;
      note(&trips[c->group], now - f->sent, f->sent);
    }
  }
  printf("{\"name\":\"%s\",\"seconds\":%.3f,\"wrong\":%llu,\"groups\":[", name, (now - interval_began) / 1e9, (unsigned long long)wrong);
  for (int g = 0; g < groups; g++) {
    printf("%s{", g ? "," : ""); print_samples(&trips[g]);
    printf(",\"unanswered\":%llu,\"lost\":%llu}", (unsigned long long)pending[g], (unsigned long long)lost[g]);
    pending[g] = 0;
  }
  printf("],\"late\":{"); print_samples(&lateness); printf("}}\n"); fflush(stdout);
  interval_began = now_ns();
}

static void lose(Connection *c) {
  if (!c->lost && c->group >= 0) lost[c->group]++;
  c->lost = 1;
}

static void write_frame(Connection *c, uint8_t opcode, const uint8_t *payload, size_t size) {
  uint8_t frame[6 + 125] = {0x80 | opcode, 0x80 | size, 1, 2, 3, 4};
  for (size_t i = 0; i < size; i++) frame[6 + i] = payload[i] ^ frame[2 + (i & 3)];
  if (write(c->fd, frame, 6 + size) != (ssize_t)(6 + size)) lose(c);
}

// Takes the frames that came; the server's are never longer than what was sent to it.
static void take(Connection *c, uint64_t now) {
  while (c->have >= 2) {
    size_t size = c->frame[1] & 127, whole = 2 + size;
    if (size > 125) { fprintf(stderr, "probe: a frame that is no echo\n"); exit(1); }
    if (c->have < whole) return;
    int opcode = c->frame[0] & 15;
    if (opcode == 9) write_frame(c, 10, c->frame + 2, size);
    if (opcode == 8 && !c->lost) {
      fprintf(stderr, "probe: closed with %d\n", size >= 2 ? c->frame[2] << 8 | c->frame[3] : 1005);
      lose(c);
    }
    if (opcode == 2) {
      Flight *f = &c->flights[c->first % in_flight_most]; uint64_t number;
      memcpy(&number, c->frame + 2, sizeof number);
      if (c->first == c->last || size != payload_size || number != f->number) wrong++;
      else { if (!f->counted && c->group >= 0) note(&trips[c->group], now - f->sent, f->sent); c->first++; }
    }
    memmove(c->frame, c->frame + whole, c->have - whole); c->have -= whole;
  }
}

static void receive(Connection *c) {
  while (!c->lost) {
    ssize_t got = read(c->fd, c->frame + c->have, sizeof c->frame - c->have);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      fprintf(stderr, "probe: the connection ended\n");
      lose(c); close(c->fd); return;
    }
    c->have += got; take(c, now_ns());
  }
}

static Connection opened(int port, const char *path) {
  Connection c = {.group = -1, .flights = calloc(in_flight_most, sizeof(Flight))};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct timeval limit = {.tv_sec = 20};
  int on = 1; char text[4096]; size_t got = 0;
  if (!c.flights || (c.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) fail("socket");
  setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(c.fd, (void *)&to, sizeof to)) fail("connect");
  int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path);
  if (write(c.fd, text, size) != size) fail("write");
  for (;;) {
    // One by one, so that nothing behind the head is taken with it.
    ssize_t n = read(c.fd, text + got, 1);
    if (n <= 0 || got + 2 > sizeof text) fail("handshake");
    text[got += n] = 0;
    if (got >= 4 && !memcmp(text + got - 4, "\r\n\r\n", 4)) break;
  }
  if (strncmp(text, "HTTP/1.1 101", 12)) { fprintf(stderr, "probe: not 101: %.60s\n", text); exit(1); }
  fcntl(c.fd, F_SETFL, O_NONBLOCK);
  return c;
}

int main(int argc, char **argv) {
  if (argc != 5) { fprintf(stderr, "usage: probe PORT CONNECTIONS PER_SECOND PATH\n"); return 2; }
  int port = atoi(argv[1]), count = atoi(argv[2]), groups = 1; double rate = atof(argv[3]);
  if (port < 1 || count < 1 || count > 10000 || rate <= 0) { fprintf(stderr, "probe: wants a port, connections and a rate\n"); return 2; }
  Connection *connections = calloc(count, sizeof *connections);
  int poll = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (!connections || poll < 0 || timer < 0) fail("epoll or timer");
  for (int i = 0; i < count; i++) {
    connections[i] = opened(port, argv[4]);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].fd, &event)) fail("epoll_ctl");
  }
  printf("open");
  for (int i = 0; i < count; i++) {
    struct sockaddr_in own; socklen_t size = sizeof own;
    if (getsockname(connections[i].fd, (void *)&own, &size)) fail("getsockname");
    printf(" %d", ntohs(own.sin_port));
  }
  printf("\n"); fflush(stdout);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = count};
  epoll_ctl(poll, EPOLL_CTL_ADD, timer, &event);
  event.data.u32 = count + 1; epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &event);

  uint64_t pause = 1e9 / rate, due = 0, number = 0, ends_at = 0, pauses_at = 0; unsigned turn = 0; int running = 0;
  char line[1 << 16]; size_t filled = 0;
  while (!ends_at || now_ns() < ends_at) {
    struct epoll_event events[256];
    int ready = epoll_wait(poll, events, 256, ends_at || pauses_at ? 20 : -1);
    if (pauses_at && now_ns() >= pauses_at) { pauses_at = 0; printf("sent %llu\n", (unsigned long long)number); fflush(stdout); }
    for (int e = 0; e < ready; e++) {
      unsigned index = events[e].data.u32;
      if (index < (unsigned)count) receive(&connections[index]);
      else if (index == (unsigned)count + 1) {
        ssize_t got = read(STDIN_FILENO, line + filled, sizeof line - 1 - filled);
        if (got <= 0) return 0;
        line[filled += got] = 0;
        for (char *newline; (newline = strchr(line, '\n'));) {
          *newline = 0;
          if (!strncmp(line, "groups", 6)) {
            char *word = strtok(line + 6, " "); groups = 1;
            for (int i = 0; i < count && word; i++, word = strtok(0, " ")) {
              connections[i].group = *word == '-' ? -1 : atoi(word) % maximum_groups;
              if (connections[i].group >= groups) groups = connections[i].group + 1;
            }
            running = 1; due = interval_began = now_ns();
          } else if (!strncmp(line, "mark ", 5)) mark(line + 5, connections, count, groups);
          else if (!strcmp(line, "pause")) { running = 0; pauses_at = now_ns() + 1000000000; }
          else if (!strcmp(line, "resume")) { running = 1; due = interval_began = now_ns(); }
          else if (!strcmp(line, "end")) { running = 0; ends_at = now_ns() + 1000000000; }
          filled -= newline + 1 - line; memmove(line, newline + 1, filled + 1);
        }
      } else { uint64_t ticks; if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) fail("timer"); }
    }
    if (!running) continue;
    for (uint64_t now; (now = now_ns()) >= due; due += pause) {
      Connection *c = 0;
      for (int tries = 0; tries < count && !c; tries++) {
        Connection *next = &connections[turn++ % count];
        if (next->group >= 0 && !next->lost && next->last - next->first < in_flight_most) c = next;
      }
      note(&lateness, now - due, due);
      if (!c) continue;
      Flight flight = {.sent = now, .number = ++number};
      uint8_t payload[payload_size] = {0}; memcpy(payload, &flight.number, sizeof flight.number);
      c->flights[c->last++ % in_flight_most] = flight;
      write_frame(c, 2, payload, sizeof payload);
    }
    struct itimerspec at = {.it_value = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, 0);
  }
  uint8_t normal[2] = {1000 >> 8, 1000 & 255};
  for (int i = 0; i < count; i++) if (!connections[i].lost) write_frame(&connections[i], 8, normal, 2);
  uint64_t until = now_ns() + 2000000000;
  for (int i = 0; i < count && now_ns() < until; i++)
    while (!connections[i].lost && now_ns() < until) {
      ssize_t got = read(connections[i].fd, line, sizeof line);
      if (got == 0 || (got < 0 && errno != EAGAIN)) break;
      if (got < 0) usleep(1000);
    }
  printf("sent %llu\n", (unsigned long long)number);
  return 0;
}
