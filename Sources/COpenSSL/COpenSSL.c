#include "COpenSSL.h"
#include <openssl/sha.h>

void COpenSSL_sha1(const uint8_t *bytes, size_t count, uint8_t *digest) { SHA1(bytes, count, digest); }
