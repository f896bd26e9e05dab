#include "COpenSSL.h"
#include <stdio.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

// Looked up once: OpenSSL 3 would do that at each call, which costs more than the digest.
static EVP_MD *sha1;
static CRYPTO_ONCE sha1Once = CRYPTO_ONCE_STATIC_INIT;
static void fetchSHA1(void) { sha1 = EVP_MD_fetch(NULL, "SHA1", NULL); }

void COpenSSL_sha1(const uint8_t *bytes, size_t count, uint8_t *digest) {
  if (CRYPTO_THREAD_run_once(&sha1Once, fetchSHA1) && sha1 &&
      EVP_Digest(bytes, count, digest, NULL, sha1, NULL))
    return;
  SHA1(bytes, count, digest);
}

int COpenSSL_setVersions(SSL_CTX *context, int minimum, int maximum) {
  return SSL_CTX_set_min_proto_version(context, minimum) &&
         SSL_CTX_set_max_proto_version(context, maximum);
}

void COpenSSL_setTicketKeyCallback(SSL_CTX *context,
                                   int (*callback)(SSL *, unsigned char *, unsigned char *,
                                                   EVP_CIPHER_CTX *, EVP_MAC_CTX *, int)) {
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, callback);
}

int COpenSSL_useTicketKey(const uint8_t *secret, unsigned char *vector, EVP_CIPHER_CTX *cipher,
                          EVP_MAC_CTX *mac, int isSealing) {
  const EVP_CIPHER *kind = EVP_aes_256_cbc();
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)(secret + 32), 32),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
      OSSL_PARAM_construct_end()};
  if (!EVP_MAC_CTX_set_params(mac, parameters)) return 0;
  if (!isSealing) return EVP_DecryptInit_ex(cipher, kind, NULL, secret, vector);
  if (RAND_bytes(vector, EVP_CIPHER_get_iv_length(kind)) != 1) return 0;
  return EVP_EncryptInit_ex(cipher, kind, NULL, secret, vector);
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

int COpenSSL_descriptor(BIO *bio) {
  FILE *file = NULL;
  return BIO_get_fp(bio, &file) == 1 && file ? fileno(file) : -1;
}

int COpenSSL_isSystemError(unsigned long code) { return ERR_SYSTEM_ERROR(code) != 0; }

int COpenSSL_reason(unsigned long code) { return ERR_GET_REASON(code); }
