#include "COpenSSL.h"
#include <openssl/sha.h>

void COpenSSL_sha1(const uint8_t *bytes, size_t count, uint8_t *digest) { SHA1(bytes, count, digest); }

int COpenSSL_setVersions(SSL_CTX *context, int minimum, int maximum) {
  return SSL_CTX_set_min_proto_version(context, minimum) &&
         SSL_CTX_set_max_proto_version(context, maximum);
}

void COpenSSL_setMode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }

void COpenSSL_setSessionCacheMode(SSL_CTX *context, long mode) {
  SSL_CTX_set_session_cache_mode(context, mode);
}

void COpenSSL_setServerNameCallback(SSL_CTX *context, int (*callback)(SSL *, int *, void *)) {
  SSL_CTX_set_tlsext_servername_callback(context, callback);
}

int COpenSSL_setServerName(SSL *connection, const char *name) {
  return (int)SSL_set_tlsext_host_name(connection, name);
}

void COpenSSL_setRetryRead(BIO *bio) { BIO_set_retry_read(bio); }

void COpenSSL_setRetryWrite(BIO *bio) { BIO_set_retry_write(bio); }

void COpenSSL_clearRetryFlags(BIO *bio) { BIO_clear_retry_flags(bio); }

int COpenSSL_isSystemError(unsigned long code) { return ERR_SYSTEM_ERROR(code) != 0; }

int COpenSSL_reason(unsigned long code) { return ERR_GET_REASON(code); }
