// batches: the client of instructions.py. Sessions one after the other send batches: COUNT masked
// messages of SIZE bytes in one write, and the next batch once the echo of each has come. A batch is
// one segment of the loopback interface, so that the server meets it in one turn, whatever the time.
// Echoes are compared with what was sent; each comes as one frame. A session ends when the server has
// closed its side, so that no turn has two of them.
// For each word of BATCHES a session opens, says "open", waits for a line, and sends so many.
// usage: batches PORT PATH SIZE COUNT bin|text BATCHES...      build: cc -O3 -o batches batches.c
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// A segment of the loopback interface (its MTU is 65536) holds a batch of so many bytes.
enum { BATCH_BYTES = 60000, PATIENCE_SECONDS = 60 };
static const uint8_t MASK[4] = {1, 2, 3, 4};

static void need(int condition, const char *what) {
  if (condition) return;
  perror(what);
  exit(1);
}

// Writes a frame, and gives its length; a client's are masked.
static size_t frame(uint8_t *out, size_t size, int text, int masked) {
  size_t head = 2;
  out[0] = text ? 0x81 : 0x82;
  if (size < 126) out[1] = size;
  else { out[1] = 126; out[2] = size >> 8; out[3] = size; head = 4; }
  if (masked) { out[1] |= 0x80; memcpy(out + head, MASK, 4); head += 4; }
  for (size_t i = 0; i < size; i++) out[head + i] = ('a' + i % 26) ^ (masked ? MASK[i & 3] : 0);
  return head + size;
}

static int open_session(int port, const char *path) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  need(!connect(fd, (void *)&address, sizeof address), "connect");
  char text[4096];
  int length = snprintf(text, sizeof text,
      "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path);
  need(length < (int)sizeof text && write(fd, text, length) == length, "write");
  for (size_t count = 0; ;) {
    ssize_t got = read(fd, text + count, sizeof text - 1 - count);
    need(got > 0, "handshake");
    text[count += got] = 0;
    if (!strstr(text, "\r\n\r\n")) continue;
    if (!strncmp(text, "HTTP/1.1 101", 12)) return fd;
    fprintf(stderr, "not 101: %s", text);
    exit(1);
  }
}

static void say_and_wait(void) {
  char line[16];
  puts("open");
  fflush(stdout);
  if (!fgets(line, sizeof line, stdin)) exit(1);
}

int main(int argc, char **argv) {
  if (argc < 7) { fprintf(stderr, "usage: %s PORT PATH SIZE COUNT bin|text BATCHES...\n", argv[0]); return 2; }
  size_t size = strtoull(argv[3], 0, 10), count = strtoull(argv[4], 0, 10);
  int text = !strcmp(argv[5], "text");
  if (size < 1 || count < 1 || size > BATCH_BYTES || count > BATCH_BYTES || (size + 8) * count > BATCH_BYTES) {
    fprintf(stderr, "batches: a batch has 1 to %d bytes\n", BATCH_BYTES);
    return 2;
  }
  static uint8_t sent[BATCH_BYTES], expected[BATCH_BYTES], received[BATCH_BYTES];
  size_t out = 0, in = 0;
  for (size_t i = 0; i < count; i++) {
    out += frame(sent + out, size, text, 1);
    in += frame(expected + in, size, text, 0);
  }
  for (int word = 6; word < argc; word++) {
    int fd = open_session(atoi(argv[1]), argv[2]);
    say_and_wait();
    for (long left = atol(argv[word]); left > 0; left--) {
      need(write(fd, sent, out) == (ssize_t)out, "write");
      for (size_t have = 0; have < in;) {
        ssize_t got = read(fd, received + have, in - have);
        need(got > 0, "read");
        have += got;
      }
      if (memcmp(received, expected, in)) { fprintf(stderr, "batches: an echo is not what was sent\n"); return 1; }
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, received, sizeof received) > 0) continue;
    close(fd);
  }
  return 0;
}
