#ifndef COPENSSL_H
#define COPENSSL_H
#include <stddef.h>
#include <stdint.h>
/// SHA-1 of `count` bytes into 20 bytes at `digest` (OpenSSL's SHA1); the accept key of RFC 6455.
void COpenSSL_sha1(const uint8_t *bytes, size_t count, uint8_t *digest);
#endif
