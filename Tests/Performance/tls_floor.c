// tls_floor: the floor of TLS. What OpenSSL itself costs a server for one echoed message: SSL_read of
// the frame that came and SSL_write of the frame that goes back, in memory (BIO), with nothing around
// them: no frames parsed, no masking, no system call. The engine's echo over TLS is measured against
// it as CPU time per message. Version and cipher are what two OpenSSLs agree on: the same as there.
// usage: tls_floor [BYTES [SECONDS]]        defaults 1024 1
// prints: bytes, version, cipher, µs to read, µs to write, µs for both
// build: cc -O3 -o tls_floor tls_floor.c -lssl -lcrypto
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_BYTES = 256 << 10, MAXIMUM_BATCH = 1024 };

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void need(int condition, const char *what) {
  if (condition) return;
  fprintf(stderr, "tls_floor: %s\n", what);
  exit(1);
}

static SSL_CTX *server_context(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  need(context && key && certificate, "out of memory");
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  need(X509_sign(certificate, key, EVP_sha256()) > 0, "X509_sign");
  need(SSL_CTX_use_certificate(context, certificate) == 1, "the certificate");
  need(SSL_CTX_use_PrivateKey(context, key) == 1, "the key");
  return context;
}

static void read_all(SSL *ssl, uint8_t *bytes, size_t count) {
  size_t done = 0, got = 0;
  while (done < count) {
    need(SSL_read_ex(ssl, bytes, count - done, &got) == 1, "SSL_read");
    done += got;
  }
}

static void write_all(SSL *ssl, const uint8_t *bytes, size_t count) {
  size_t done = 0, taken = 0;
  while (done < count) {
    // One record at a time, as an engine has to cut them.
    size_t piece = count - done < 16384 ? count - done : 16384;
    need(SSL_write_ex(ssl, bytes + done, piece, &taken) == 1, "SSL_write");
    done += taken;
  }
}

int main(int argc, char **argv) {
  size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 1024;
  double seconds = argc > 2 ? atof(argv[2]) : 1;
  need(size > 0 && size <= 1 << 26, "wants 1 to 67108864 bytes");
  size_t header = size <= 125 ? 2 : size <= 65535 ? 4 : 10;
  size_t in = size + header + 4, out = size + header;
  SSL *server = SSL_new(server_context()), *client = SSL_new(SSL_CTX_new(TLS_client_method()));
  BIO *to_server = BIO_new(BIO_s_mem()), *to_client = BIO_new(BIO_s_mem());
  need(server && client && to_server && to_client, "out of memory");
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_bio(client, to_client, to_server);
  SSL_set_accept_state(server);
  SSL_set_connect_state(client);
  for (int i = 0; i < 10 && !(SSL_is_init_finished(client) && SSL_is_init_finished(server)); i++) {
    SSL_do_handshake(client);
    SSL_do_handshake(server);
  }
  need(SSL_is_init_finished(client) && SSL_is_init_finished(server), "the handshake does not end");

  uint8_t *bytes = malloc(in);
  need(bytes != NULL, "out of memory");
  memset(bytes, 'a', in);
  long batch = BATCH_BYTES / (long)in, count = 0;
  batch = batch < 1 ? 1 : batch > MAXIMUM_BATCH ? MAXIMUM_BATCH : batch;
  double reading = 0, writing = 0, end = cpu_seconds() + seconds;
  // The first batch gives the buffers their size.
  for (int round = 0; round == 0 || cpu_seconds() < end; round++) {
    for (long i = 0; i < batch; i++) write_all(client, bytes, in);
    double t0 = cpu_seconds();
    for (long i = 0; i < batch; i++) read_all(server, bytes, in);
    double t1 = cpu_seconds();
    for (long i = 0; i < batch; i++) write_all(server, bytes, out);
    double t2 = cpu_seconds();
    for (long i = 0; i < batch; i++) read_all(client, bytes, out);
    if (round == 0) continue;
    reading += t1 - t0;
    writing += t2 - t1;
    count += batch;
  }
  need(count > 0, "too little time");
  printf("%zu B  %s %s  read %.3f us  write %.3f us  both %.3f us\n", size, SSL_get_version(server),
         SSL_get_cipher_name(server), reading * 1e6 / count, writing * 1e6 / count,
         (reading + writing) * 1e6 / count);
  return 0;
}
