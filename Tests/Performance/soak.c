// soak: thousands of WebSocket sessions of eleven habits, which count all that they say and get.
// usage: soak PORT SESSIONS RAMP_SECONDS MOST_SECONDS
//
// One thread, one epoll. Opens the sessions evenly over the ramp, from 127.0.0.2 to 127.0.0.9, and
// prints "open"; goes on until "drain" comes on standard input, then says nothing new, waits for all
// that is owed, reads streams to their end, and prints its counts as a JSON object; at "close" it
// closes all with 1000, waits for the answers, and prints its counts again. It ends by itself after
// MOST_SECONDS. Every echo is compared, byte by byte, with what was sent.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { idle, small, large, chat, stream, zipped, brief, pinging, rated, abrupt, acted, habits };
enum { closed, opening, open_, closing };
enum { owed_most = 24, room_size = 20, zip_most = 4096 };
enum { text = 1, binary, close_ = 8, ping = 9, pong = 10 };

static const struct {
  const char *name, *path;
  int share;         // in hundredths of the sessions
  double pause;      // between two messages, in seconds
  int least, most;   // sizes of messages
} habit[habits] = {
  [idle] = {"idle", "/soak/idle", 36, 0, 0, 0},
  [small] = {"echo small", "/soak/small", 20, 3, 20, 120},
  [large] = {"echo large", "/soak/large", 1, 10, 64 << 10, 512 << 10},
  [chat] = {"chat", "/soak/chat/room-%d", 20, 60, 30, 200},
  [stream] = {"slow reader", "/soak/stream?bytes=16MiB", 1, 0.1, 0, 0},
  [zipped] = {"compressed", "/soak/zip", 8, 6, 300, 900},
  [brief] = {"short cycles", "/soak/brief", 5, 3, 20, 60},
  [pinging] = {"pings", "/soak/ping", 4, 5, 8, 8},
  [rated] = {"rated", "/soak/rated", 2, 0.3, 30, 30},
  [abrupt] = {"abrupt ends", "/soak/abrupt", 2, 5, 20, 60},
  [acted] = {"closed by acts", "/soak/acted", 1, 0, 0, 0},
};

typedef struct {
  int fd; uint8_t habit, state, watched, opcode, final, compressed, have_head, is_late; uint16_t bound;
  uint32_t index, cycle;
  // What is owed: a ring of sizes, the first message's number, and how far its echo has come.
  uint32_t owed[owed_most], first, last, position;
  // The frame that is being read.
  uint8_t head[14], control[128]; uint32_t control_size; uint64_t left;
  // What the kernel did not take yet.
  uint8_t *out; size_t out_size, out_at;
  uint8_t *zip;
} Session;

static struct {
  unsigned long long opened, refused, closed_by[2][5000], aborted, broken, messages_out, messages_in, bytes_out, bytes_in, pings, pongs, wrong, unanswered;
} sum;
static struct { unsigned long long out, in; } per_habit[habits];
static Session *sessions; static uint64_t *due;
static int count, poll_, port, draining, closing_all, owing, live;
static uint64_t now_; static z_stream deflater, inflater;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void fail(const char *what) { fprintf(stderr, "soak: %s: %s\n", what, strerror(errno)); exit(1); }
static uint32_t chance(void) { static uint64_t x = 88172645463325252ull; x ^= x << 13; x ^= x >> 7; x ^= x << 17; return x >> 16; }
static uint64_t in_seconds(double s) { return now_ + (uint64_t)(s * 1e9); }
static uint8_t expected(uint32_t number, uint32_t position) { return 'a' + (number + position) % 26; }
static void end_session(Session *s, double reopen_after);
static void start(Session *s);

static void watch(Session *s) {
  int wanted = (s->habit == stream && s->state == open_ && !draining ? 0 : EPOLLIN) | (s->out ? EPOLLOUT : 0);
  if (wanted == s->watched) return;
  struct epoll_event event = {.events = wanted, .data.u32 = s->index};
  if (epoll_ctl(poll_, EPOLL_CTL_MOD, s->fd, &event)) fail("epoll_ctl");
  s->watched = wanted;
}

static void flush(Session *s) {
  while (s->out) {
    ssize_t sent = send(s->fd, s->out + s->out_at, s->out_size - s->out_at, MSG_NOSIGNAL);
    // An end is told by what is read.
    if (sent < 0) break;
    if ((s->out_at += sent) == s->out_size) { free(s->out); s->out = 0; }
  }
  watch(s);
}

static void say(Session *s, int opcode, int compressed, const uint8_t *payload, size_t size) {
  size_t head = size < 126 ? 6 : size < 65536 ? 8 : 14, left = s->out ? s->out_size - s->out_at : 0;
  uint8_t *out = malloc(left + head + size);
  if (!out) fail("malloc");
  if (left) memcpy(out, s->out + s->out_at, left);
  uint8_t *f = out + left, mask[4] = {chance(), chance(), chance(), chance()};
  f[0] = 0x80 | opcode | (compressed ? 0x40 : 0);
  if (head == 6) f[1] = 0x80 | size;
  else if (head == 8) { f[1] = 0x80 | 126; f[2] = size >> 8; f[3] = size; }
  else { f[1] = 0x80 | 127; for (int i = 0; i < 8; i++) f[2 + i] = (uint64_t)size >> (56 - 8 * i); }
  memcpy(f + head - 4, mask, 4);
  for (size_t i = 0; i < size; i++) f[head + i] = payload[i] ^ mask[i & 3];
  free(s->out);
  s->out = out; s->out_at = 0; s->out_size = left + head + size;
  flush(s);
}

static void say_close(Session *s, int code) {
  uint8_t payload[2] = {code >> 8, code};
  say(s, close_, 0, payload, 2);
}

// A message whose bytes follow from its number, so that its echo can be compared without a copy.
static void say_message(Session *s) {
  static uint8_t payload[1 << 20], small_[zip_most * 2];
  uint32_t number = s->last, size = habit[s->habit].least + chance() % (habit[s->habit].most - habit[s->habit].least + 1);
  for (uint32_t i = 0; i < size; i++) payload[i] = expected(number, i);
  if (s->habit != chat) {
    if (s->last - s->first == owed_most) return;
    s->owed[s->last % owed_most] = size; owing++;
  }
  s->last++;
  sum.messages_out++; sum.bytes_out += size; per_habit[s->habit].out++;
  if (s->habit == zipped) {
    deflateReset(&deflater);
    deflater.next_in = payload; deflater.avail_in = size; deflater.next_out = small_; deflater.avail_out = sizeof small_;
    if (deflate(&deflater, Z_SYNC_FLUSH) != Z_OK || deflater.avail_in) fail("deflate");
    say(s, text, 1, small_, sizeof small_ - deflater.avail_out - 4);
  } else say(s, s->habit == large ? binary : text, 0, payload, size);
}

static void message_ended(Session *s) {
  sum.messages_in++; per_habit[s->habit].in++;
  if (s->habit == stream || s->habit == idle || s->habit == acted || s->habit == chat) { s->position = 0; return; }
  if (s->first == s->last || s->position != s->owed[s->first % owed_most]) sum.wrong++;
  s->first++; s->position = 0; owing--;
  if (s->habit == brief && s->first == 1 && !draining) { s->state = closing; say_close(s, 1000); sum.closed_by[0][1000]++; }
  if (s->habit == abrupt && s->first == 2 && !draining) {
    // By turns a reset, and an end without a word.
    if (s->cycle & 1) { struct linger now = {1, 0}; setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now); }
    sum.aborted++; end_session(s, habit[abrupt].pause);
  }
}

static void take_payload(Session *s, const uint8_t *bytes, size_t size) {
  if (s->habit == zipped && s->compressed) {
    if (s->position + size > zip_most) { sum.wrong++; return; }
    memcpy(s->zip + s->position, bytes, size); s->position += size;
    return;
  }
  sum.bytes_in += size;
  if (s->habit == stream || s->habit == idle || s->habit == acted) return;
  // Others' messages in a room begin with any letter.
  if (s->habit == chat && s->position == 0 && size) s->first = bytes[0] - 'a';
  for (size_t i = 0; i < size; i++) if (bytes[i] != expected(s->first, s->position + i)) { sum.wrong++; break; }
  s->position += size;
}

static void inflate_message(Session *s) {
  static uint8_t plain[zip_most * 4];
  if (s->position + 4 > zip_most) { sum.wrong++; return; }
  memcpy(s->zip + s->position, "\0\0\xff\xff", 4);
  inflateReset(&inflater);
  inflater.next_in = s->zip; inflater.avail_in = s->position + 4; inflater.next_out = plain; inflater.avail_out = sizeof plain;
  if (inflate(&inflater, Z_SYNC_FLUSH) < 0 && inflater.avail_in) sum.wrong++;
  size_t size = sizeof plain - inflater.avail_out;
  sum.bytes_in += size; s->position = size;
  for (size_t i = 0; i < size; i++) if (plain[i] != expected(s->first, i)) { sum.wrong++; break; }
}

static void control_ended(Session *s) {
  if (s->opcode == ping) { sum.pings++; say(s, pong, 0, s->control, s->control_size); }
  if (s->opcode == pong) {
    sum.pongs++;
    if (s->control_size != 8 || s->first == s->last || memcmp(s->control, &s->first, 4)) sum.wrong++;
    s->first++; owing--;
  }
  if (s->opcode == close_ && s->state == open_) {
    int code = s->control_size >= 2 ? s->control[0] << 8 | s->control[1] : 1005;
    sum.closed_by[1][code < 5000 ? code : 0]++;
    s->state = closing; say_close(s, code);
  }
}

static void take(Session *s, uint8_t *p, uint8_t *q) {
  int fd = s->fd;
  uint32_t cycle = s->cycle;
  while (p < q) {
    if (s->left) {
      size_t size = s->left < (uint64_t)(q - p) ? s->left : (size_t)(q - p);
      if (s->opcode >= 8) { memcpy(s->control + s->control_size, p, size); s->control_size += size; }
      else take_payload(s, p, size);
      s->left -= size; p += size;
    } else {
      s->head[s->have_head++] = *p++;
      if (s->have_head < 2) continue;
      int length = s->head[1] & 127, need = length == 126 ? 4 : length == 127 ? 10 : 2;
      if (s->have_head < need) continue;
      uint64_t size = length;
      if (length > 125) { size = 0; for (int i = 2; i < need; i++) size = size << 8 | s->head[i]; }
      s->have_head = 0; s->left = size; s->opcode = s->head[0] & 15; s->final = s->head[0] >> 7;
      if (s->opcode == text || s->opcode == binary) s->compressed = s->head[0] >> 6 & 1;
      s->control_size = 0;
      if (s->opcode >= 8 && size > 125) { sum.wrong++; return; }
    }
    if (s->left || s->have_head) continue;
    if (s->opcode >= 8) control_ended(s);
    else if (s->final) { if (s->compressed) inflate_message(s); message_ended(s); }
    // It may have ended itself, and begun anew.
    if (s->fd != fd || s->cycle != cycle || s->state == closed) return;
  }
}

static void handshake_ended(Session *s) {
  s->state = open_; sum.opened++;
  double pause = habit[s->habit].pause;
  // Evenly over the first pause; cycles say something at once.
  if (s->habit == brief || s->habit == abrupt) pause = 0.01;
  else if (pause) pause *= chance() % 1000 / 1000.0;
  due[s->index] = pause ? in_seconds(pause) : UINT64_MAX;
  watch(s);
}

static void receive(Session *s, size_t most) {
  static uint8_t buffer[(256 << 10) + 1]; static char *heads; static const int head_most = 1024;
  if (!heads && !(heads = calloc(count, head_most))) fail("calloc");
  ssize_t got;
  if (s->state == opening) {
    char *head = heads + (size_t)s->index * head_most;
    got = recv(s->fd, buffer, head_most - 1 - s->control_size, MSG_PEEK);
    if (got > 0) {
      memcpy(head + s->control_size, buffer, got); head[s->control_size + got] = 0;
      char *end = strstr(head, "\r\n\r\n");
      size_t use = end ? (size_t)(end + 4 - head) - s->control_size : (size_t)got;
      if (recv(s->fd, buffer, use, 0) != (ssize_t)use) fail("recv");
      s->control_size += use;
      if (!end) return;
      s->control_size = 0;
      if (strncmp(head, "HTTP/1.1 101", 12)) { sum.refused++; live--; return end_session(s, 1); }
      handshake_ended(s);
      return;
    }
  } else got = recv(s->fd, buffer, most && most < sizeof buffer ? most : sizeof buffer, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) return take(s, buffer, buffer + got);
  if (s->state == opening) { sum.refused++; live--; return end_session(s, 1); }
  if (s->state == open_) { sum.broken++; if (s->habit != chat) sum.unanswered += s->last - s->first; }
  end_session(s, habit[s->habit].pause ? habit[s->habit].pause : 1);
}

static void end_session(Session *s, double reopen_after) {
  if (s->state == open_ || s->state == closing) live--;
  if (s->habit != chat) owing -= s->last - s->first;
  close(s->fd); free(s->out); s->out = 0; s->fd = -1; s->state = closed;
  due[s->index] = in_seconds(reopen_after);
}

static void start(Session *s) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + s->index % 8)};
  int on = 1, tight = 8 << 10; char path[64], text_[512];
  if ((s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) fail("socket");
  setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (s->habit == stream) setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &tight, sizeof tight);
  if (bind(s->fd, (void *)&from, sizeof from)) fail("bind");
  snprintf(path, sizeof path, habit[s->habit].path, s->index / room_size);
  int size = snprintf(text_, sizeof text_, "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n", path, s->habit == zipped ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n" : "");
  s->state = opening; s->cycle++; s->first = s->last = s->position = s->control_size = s->have_head = s->left = s->compressed = 0;
  live++;
  // To this machine a connection is made or refused at once.
  if (connect(s->fd, (void *)&to, sizeof to) || send(s->fd, text_, size, MSG_NOSIGNAL) != size) {
    sum.refused++; live--; close(s->fd); s->fd = -1; s->state = closed; due[s->index] = in_seconds(1);
    return;
  }
  fcntl(s->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = s->index};
  if (epoll_ctl(poll_, EPOLL_CTL_ADD, s->fd, &event)) fail("epoll_ctl");
  s->watched = EPOLLIN; due[s->index] = UINT64_MAX;
}

static void act(Session *s) {
  if (s->state == closed) { if (!draining) start(s); else due[s->index] = UINT64_MAX; return; }
  if (s->state != open_) { due[s->index] = UINT64_MAX; return; }
  due[s->index] = in_seconds(habit[s->habit].pause * (0.75 + chance() % 500 / 1000.0));
  if (draining) { due[s->index] = UINT64_MAX; return; }
  switch (s->habit) {
  case stream: receive(s, 1000); break;
  case pinging: {
    if (s->last - s->first == owed_most) break;
    uint8_t payload[8] = {0}; memcpy(payload, &s->last, 4); s->last++; owing++;
    say(s, ping, 0, payload, 8); break;
  }
  case brief: if (s->last == 0) say_message(s); break;
  case abrupt: if (s->last == 0) { say_message(s); say_message(s); } break;
  default: say_message(s);
  }
}

static void print_counts(const char *what) {
  printf("{\"when\":\"%s\",\"opened\":%llu,\"refused\":%llu,\"live\":%d,\"messagesSent\":%llu,\"messagesReceived\":%llu,\"bytesSent\":%llu,\"bytesReceived\":%llu,\"pings\":%llu,\"pongs\":%llu,\"wrong\":%llu,\"aborted\":%llu,\"broken\":%llu,\"unanswered\":%llu,\"owing\":%d,\"closes\":{", what, sum.opened, sum.refused, live, sum.messages_out, sum.messages_in, sum.bytes_out, sum.bytes_in, sum.pings, sum.pongs, sum.wrong, sum.aborted, sum.broken, sum.unanswered, owing);
  int any = 0;
  for (int code = 0; code < 5000; code++) {
    unsigned long long all = sum.closed_by[0][code] + sum.closed_by[1][code];
    if (all) printf("%s\"%d\":%llu", any++ ? "," : "", code, all);
  }
  printf("},\"habits\":{");
  for (int h = 0; h < habits; h++) printf("%s\"%s\":{\"sent\":%llu,\"received\":%llu}", h ? "," : "", habit[h].name, per_habit[h].out, per_habit[h].in);
  printf("}}\n"); fflush(stdout);
}

static void drain(void) {
  draining = 1;
  for (int i = 0; i < count; i++) if (sessions[i].state == open_) watch(&sessions[i]);
}

static int untried(void) { int n = 0; for (int i = 0; i < count; i++) n += sessions[i].cycle == 0 || (sessions[i].cycle == 1 && sessions[i].state == opening); return n; }
static int streams(void) { int n = 0; for (int i = 0; i < count; i++) n += sessions[i].habit == stream && sessions[i].state != closed; return n; }
static int unsettled(void) { int n = 0; for (int i = 0; i < count; i++) n += sessions[i].state == opening || sessions[i].state == closing || sessions[i].out != 0; return n; }

int main(int argc, char **argv) {
  if (argc != 5) { fprintf(stderr, "usage: soak PORT SESSIONS RAMP_SECONDS MOST_SECONDS\n"); return 2; }
  port = atoi(argv[1]); count = atoi(argv[2]); double ramp = atof(argv[3]), most = atof(argv[4]);
  if (port < 1 || count < 100 || count > 1000000) { fprintf(stderr, "soak: wants a port and 100 sessions or more\n"); return 2; }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files; getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files);
  sessions = calloc(count, sizeof *sessions); due = malloc(count * sizeof *due); poll_ = epoll_create1(EPOLL_CLOEXEC);
  if (!sessions || !due || poll_ < 0) fail("epoll or memory");
  if (deflateInit2(&deflater, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK || inflateInit2(&inflater, -15) != Z_OK) fail("zlib");
  now_ = now_ns();
  uint64_t ends = in_seconds(most), settled = 0, drained_by = UINT64_MAX, next_scan = 0;
  for (int i = 0; i < count; i++) {
    Session *s = &sessions[i]; s->index = i; s->fd = -1;
    // Habits follow from the place, in blocks of a room's size, so that rooms are whole.
    int place = (i / room_size * 37) % 100, h = 0;
    for (int all = habit[0].share; all <= place; all += habit[++h].share) continue;
    s->habit = h;
    if (h == zipped && !(s->zip = malloc(zip_most))) fail("malloc");
    due[i] = in_seconds(ramp * i / count);
  }
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = count};
  epoll_ctl(poll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  int all_open = 0, said_drained = 0, close_wanted = 0; char line[256];
  while ((now_ = now_ns()) < ends) {
    struct epoll_event events[512];
    int ready = epoll_wait(poll_, events, 512, 10);
    now_ = now_ns();
    for (int e = 0; e < ready; e++) {
      unsigned index = events[e].data.u32;
      if (index == (unsigned)count) {
        ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
        if (got <= 0) return 1;
        line[got] = 0;
        if (strstr(line, "drain")) { drain(); drained_by = in_seconds(90); }
        if (strstr(line, "close")) close_wanted = 1;
        continue;
      }
      Session *s = &sessions[index];
      if (s->state == closed) continue;
      if (events[e].events & EPOLLOUT) flush(s);
      if (events[e].events & ~EPOLLOUT) {
        // A slow reader sees the end when it gets there.
        if (s->habit == stream && s->state == open_ && !draining) { if (events[e].events & EPOLLERR) receive(s, 1000); }
        else receive(s, 0);
      }
    }
    if (now_ < next_scan) continue;
    next_scan = now_ + 10000000;
    for (int i = 0; i < count; i++) if (due[i] <= now_) act(&sessions[i]);
    if (!all_open && untried() == 0) { all_open = 1; printf("open\n"); fflush(stdout); }
    if (draining && !said_drained) {
      // What is owed, and then a moment in which broadcasts arrive.
      if (owing || streams() || unsettled()) settled = 0;
      else if (!settled) settled = now_;
      if ((settled && now_ - settled > 2000000000ull) || now_ > drained_by) { said_drained = 1; print_counts("drained"); }
    }
    if (said_drained && close_wanted && !closing_all) {
      closing_all = 1; drained_by = in_seconds(60);
      for (int i = 0; i < count; i++) if (sessions[i].state == open_) { sessions[i].state = closing; say_close(&sessions[i], 1000); sum.closed_by[0][1000]++; }
    }
    if (closing_all && (live == 0 || now_ > drained_by)) { print_counts("closed"); return 0; }
  }
  fprintf(stderr, "soak: the time is over\n");
  return 1;
}
