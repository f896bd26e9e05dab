#ifndef COPENSSL_H
#define COPENSSL_H
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <stdint.h>

/// SHA-1 of `count` bytes into 20 bytes at `digest` (OpenSSL's SHA1); the accept key of RFC 6455.
void COpenSSL_sha1(const uint8_t *bytes, size_t count, uint8_t *digest);

// OpenSSL's macros, which Swift cannot call, as functions and constants.

/// SSL_OP_NO_RENEGOTIATION.
static const uint64_t COpenSSL_noRenegotiation = SSL_OP_NO_RENEGOTIATION;
/// SSL_OP_CIPHER_SERVER_PREFERENCE.
static const uint64_t COpenSSL_cipherServerPreference = SSL_OP_CIPHER_SERVER_PREFERENCE;
/// ERR_R_UNSUPPORTED, which a decoder says of what is none of its forms.
static const int COpenSSL_unsupported = ERR_R_UNSUPPORTED;
/// XN_FLAG_RFC2253 without escapes of what is not ASCII.
static const unsigned long COpenSSL_nameFlags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;

/// SSL_CTX_set_min_proto_version and SSL_CTX_set_max_proto_version.
int COpenSSL_setVersions(SSL_CTX *context, int minimum, int maximum);
/// How long the name of a ticket's key is.
static const int COpenSSL_ticketNameByteCount = 16;
/// SSL_CTX_set_tlsext_ticket_key_evp_cb.
void COpenSSL_setTicketKeyCallback(SSL_CTX *context,
                                   int (*callback)(SSL *, unsigned char *, unsigned char *,
                                                   EVP_CIPHER_CTX *, EVP_MAC_CTX *, int));
/// Prepares AES-256-CBC and HMAC-SHA-256 to seal or open a ticket with a secret of 64 bytes; to seal
/// it an initialization vector is made. Gives 1, or 0 for a failure.
int COpenSSL_useTicketKey(const uint8_t *secret, unsigned char *vector, EVP_CIPHER_CTX *cipher,
                          EVP_MAC_CTX *mac, int isSealing);
/// SSL_CTX_set_mode.
void COpenSSL_setMode(SSL_CTX *context, long mode);
/// SSL_CTX_set_session_cache_mode.
void COpenSSL_setSessionCacheMode(SSL_CTX *context, long mode);
/// SSL_CTX_set_tlsext_servername_callback.
void COpenSSL_setServerNameCallback(SSL_CTX *context, int (*callback)(SSL *, int *, void *));
/// SSL_set_tlsext_host_name.
int COpenSSL_setServerName(SSL *connection, const char *name);
/// BIO_set_retry_read.
void COpenSSL_setRetryRead(BIO *bio);
/// BIO_set_retry_write.
void COpenSSL_setRetryWrite(BIO *bio);
/// BIO_clear_retry_flags.
void COpenSSL_clearRetryFlags(BIO *bio);
/// The descriptor of a BIO of a file, -1 if it has none.
int COpenSSL_descriptor(BIO *bio);
/// ERR_SYSTEM_ERROR: whether an entry of the error queue carries an errno.
int COpenSSL_isSystemError(unsigned long code);
/// ERR_GET_REASON: an entry's reason, or its errno.
int COpenSSL_reason(unsigned long code);
#endif
