// bare_send: the floor of a broadcast. The same frame to each of so many WebSocket clients by one bare
// send(2) each, with nothing around it: once it has answered their handshakes it reads nothing, and
// knows nothing of them. The clients are those of the engine that is measured against it, since what
// a send costs depends on whether its receiver sleeps. Rounds are paced for the same reason.
// usage: bare_send PORT CONNECTIONS BYTES ROUNDS ROUNDS_PER_SECOND
// prints: connections, bytes, µs of CPU per round and per send, and sends that found no room
// build: cc -O3 -o bare_send bare_send.c -lcrypto
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP_ROUNDS = 5, PATIENCE_SECONDS = 60 };

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

// Reads a request and answers it, RFC 6455 §4.2.2.
static void answer(int fd) {
  char head[16384], key[64], response[256];
  size_t count = 0;
  do {
    ssize_t n = recv(fd, head + count, sizeof head - 1 - count, 0);
    need(n > 0, "recv");
    count += n;
    head[count] = 0;
  } while (!strstr(head, "\r\n\r\n"));
  const char *field = strcasestr(head, "sec-websocket-key: ");
  need(field && sscanf(field + 19, "%24s", key) == 1, "the key");
  strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  unsigned char digest[EVP_MAX_MD_SIZE], accept[64];
  EVP_Digest(key, strlen(key), digest, NULL, EVP_sha1(), NULL);
  EVP_EncodeBlock(accept, digest, 20);
  int length = snprintf(response, sizeof response,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
  need(send(fd, response, length, MSG_NOSIGNAL) == length, "send");
}

// A binary frame, RFC 6455 §5.2.
static uint8_t *frame(size_t size, size_t *count) {
  uint8_t *f = malloc(size + 10);
  need(f != NULL, "malloc");
  size_t h = size <= 125 ? 2 : size <= 65535 ? 4 : 10;
  f[0] = 0x82;
  f[1] = size <= 125 ? size : size <= 65535 ? 126 : 127;
  for (size_t i = 2; i < h; i++) f[i] = (uint8_t)(size >> 8 * (h - 1 - i));
  memset(f + h, 'a', size);
  *count = h + size;
  return f;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: bare_send PORT CONNECTIONS BYTES ROUNDS ROUNDS_PER_SECOND\n");
    return 2;
  }
  int port = atoi(argv[1]), count = atoi(argv[2]), rounds = atoi(argv[4]), one = 1;
  size_t size = strtoul(argv[3], NULL, 10), length;
  double per_second = atof(argv[5]);
  if (count < 1 || size < 1 || size > 1 << 20 || rounds < 1 || per_second <= 0) return 2;
  signal(SIGPIPE, SIG_IGN);
  // Whoever started this may be gone.
  alarm(PATIENCE_SECONDS + (unsigned)((rounds + WARM_UP_ROUNDS) / per_second) * 2);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  need(bind(listener, (void *)&a, sizeof a) == 0 && listen(listener, 4096) == 0, "listen");
  puts("listening");
  fflush(stdout);
  int *connections = malloc(count * sizeof *connections);
  for (int i = 0; i < count; i++) {
    connections[i] = accept4(listener, NULL, NULL, 0);
    need(connections[i] >= 0, "accept");
    setsockopt(connections[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    answer(connections[i]);
  }
  uint8_t *bytes = frame(size, &length);
  long without_room = 0;
  double cpu_time = 0, next = clock_seconds(CLOCK_MONOTONIC);
  for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
    double wait = next - clock_seconds(CLOCK_MONOTONIC);
    if (wait > 0) {
      struct timespec t = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (time_t)wait) * 1e9)};
      nanosleep(&t, NULL);
    }
    next += 1 / per_second;
    double before = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < count; i++)
      if (send(connections[i], bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length)
        without_room++;
    if (round >= 0) cpu_time += clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
  }
  printf("%d connections  %zu B  round %.1f us  send %.4f us  without room %ld\n", count, size,
         cpu_time * 1e6 / rounds, cpu_time * 1e6 / rounds / count, without_room);
  return 0;
}
