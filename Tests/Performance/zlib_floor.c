// zlib_floor: the floor of compression. What zlib itself costs for one echoed message: inflate it,
// deflate it again, both raw and both reset for each message, with nothing around it: no frames, no
// masking, no UTF-8 check, no system call. The engine's echo with --compression shared is measured
// against it as CPU time per message; window and memory level follow the size as they do there.
// Messages are JSON rows as a service would push them, all different and of the given size.
// usage: zlib_floor [BYTES [LEVEL [WINDOW_BITS [MEMORY_LEVEL [SECONDS]]]]]
//        defaults 1024 1, the least window that holds the message, that window - 7, 1
// prints: bytes, bytes compressed, µs to inflate, µs to deflate, µs for both
// build: cc -O3 -o zlib_floor zlib_floor.c -lz
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { MESSAGE_COUNT = 64, MINIMUM_LOOKAHEAD = 262 };

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *what) {
  fprintf(stderr, "zlib_floor: %s\n", what);
  exit(1);
}

// Rows of JSON until the message is full; a generator of its own, so that every run has the same.
static void fill(uint8_t *message, size_t size, uint64_t seed) {
  char row[128];
  size_t count = 0;
  while (count < size) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int length = snprintf(row, sizeof row,
                          "{\"id\":%u,\"symbol\":\"%c%c%c\",\"price\":%u.%02u,\"side\":\"%s\"},\n",
                          (unsigned)(seed >> 44), 'A' + (int)((seed >> 33) % 26),
                          'A' + (int)(seed >> 23 & 15), 'A' + (int)(seed >> 13 & 15),
                          (unsigned)(seed >> 50), (unsigned)(seed >> 40 & 63),
                          seed >> 62 & 1 ? "buy" : "sell");
    if ((size_t)length > size - count) length = (int)(size - count);
    memcpy(message + count, row, length);
    count += length;
  }
}

static size_t deflate_message(z_stream *stream, const uint8_t *in, size_t count, uint8_t *out,
                              size_t capacity) {
  if (deflateReset(stream) != Z_OK) fail("deflateReset");
  stream->next_in = (Bytef *)in;
  stream->avail_in = count;
  stream->next_out = out;
  stream->avail_out = capacity;
  if (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_out == 0) fail("deflate");
  return capacity - stream->avail_out - 4;  // without 00 00 ff ff, RFC 7692 §7.2.1
}

static void inflate_message(z_stream *stream, const uint8_t *in, size_t count, uint8_t *out,
                            size_t size) {
  static uint8_t tail[] = {0, 0, 0xff, 0xff};
  if (inflateReset(stream) != Z_OK) fail("inflateReset");
  stream->next_in = (Bytef *)in;
  stream->avail_in = count;
  stream->next_out = out;
  stream->avail_out = size + 1;
  if (inflate(stream, Z_SYNC_FLUSH) != Z_OK) fail("inflate");
  stream->next_in = tail;
  stream->avail_in = sizeof tail;
  int result = inflate(stream, Z_SYNC_FLUSH);
  if ((result != Z_OK && result != Z_BUF_ERROR) || stream->avail_out != 1) fail("inflate the tail");
}

int main(int argc, char **argv) {
  size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 1024;
  int level = argc > 2 ? atoi(argv[2]) : 1;
  int window_bits = 9;
  while (window_bits < 15 && (size_t)1 << window_bits < size + MINIMUM_LOOKAHEAD) window_bits++;
  if (argc > 3) window_bits = atoi(argv[3]);
  int memory_level = argc > 4 ? atoi(argv[4]) : window_bits - 7;
  double seconds = argc > 5 ? atof(argv[5]) : 1;
  if (size == 0 || size > 1 << 26) fail("wants 1 to 67108864 bytes");

  z_stream deflater = {0}, inflater = {0};
  if (deflateInit2(&deflater, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY))
    fail("deflateInit2");
  if (inflateInit2(&inflater, -15)) fail("inflateInit2");
  size_t capacity = deflateBound(&deflater, size) + 16, compressed_total = 0;
  static uint8_t *messages[MESSAGE_COUNT], *compressed[MESSAGE_COUNT];
  static size_t counts[MESSAGE_COUNT];
  uint8_t *out = malloc(capacity > size + 1 ? capacity : size + 1);
  int message_count = size > 1 << 20 ? 2 : MESSAGE_COUNT;
  for (int i = 0; i < message_count; i++) {
    messages[i] = malloc(size);
    compressed[i] = malloc(capacity);
    if (!out || !messages[i] || !compressed[i]) fail("out of memory");
    fill(messages[i], size, i * 7919 + 1);
    counts[i] = deflate_message(&deflater, messages[i], size, compressed[i], capacity);
    compressed_total += counts[i];
    inflate_message(&inflater, compressed[i], counts[i], out, size);
    if (memcmp(out, messages[i], size)) fail("the message does not come back");
  }
  double micros[2];
  for (int half = 0; half < 2; half++) {
    long rounds = 0;
    double begin = cpu_seconds(), end;
    do {
      for (int i = 0; i < message_count; i++) {
        if (half == 0) inflate_message(&inflater, compressed[i], counts[i], out, size);
        else deflate_message(&deflater, messages[i], size, out, capacity);
      }
      rounds++;
      end = cpu_seconds();
    } while (end - begin < seconds / 2);
    micros[half] = (end - begin) * 1e6 / rounds / message_count;
  }
  printf("%zu B -> %zu B  inflate %.2f us  deflate %.2f us  both %.2f us  (level %d, window %d, memory %d)\n",
         size, compressed_total / message_count, micros[0], micros[1], micros[0] + micros[1], level,
         window_bits, memory_level);
  return 0;
}
