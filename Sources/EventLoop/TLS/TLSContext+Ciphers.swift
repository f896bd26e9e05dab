internal import COpenSSL

extension TLSContext {
  /// The cipher suites of TLS 1.2 unless others are named: keys that nobody can find out later from
  /// the certificate's (forward secrecy), and ciphers that authenticate what they encrypt.
  ///
  /// All suites of TLS 1.3 are so.
  package static let defaultCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20"

  /// Uses the cipher suites of a list, as openssl-ciphers(1) has it: of TLS 1.3 those that the list
  /// names, or all if it names none; of TLS 1.2 the others, or the default if there is none.
  ///
  /// - Throws: `TLSError` that names a word which OpenSSL does not know, and would pass over.
  func useCiphers(_ list: String?) throws(TLSError) {
    let words = (list ?? "").split { ":, ".contains($0) }
    var suites: [Substring] = []
    var others: [Substring] = []
    for word in words {
      if word.hasPrefix("TLS_"), unsafe SSL_CTX_set_ciphersuites(pointer, String(word)) == 1 {
        suites.append(word)
      } else {
        guard unsafe Self.isKnown(word, by: pointer) else {
          OpenSSLErrors.clear()
          throw TLSError(
            .setUp, subject: "TLS ciphers",
            reason: "OpenSSL has no \"\(word)\"; wants names as openssl ciphers lists them, such "
              + "as AES128-SHA, with colons between")
        }
        others.append(word)
      }
    }
    let text = others.isEmpty ? Self.defaultCiphers : others.joined(separator: ":")
    guard unsafe SSL_CTX_set_cipher_list(pointer, text) == 1,
      unsafe suites.isEmpty
        || SSL_CTX_set_ciphersuites(pointer, suites.joined(separator: ":")) == 1
    else {
      throw OpenSSLErrors.take(.setUp, about: "TLS ciphers", otherwise: "none is left")
    }
    OpenSSLErrors.clear()
  }

  /// Whether a word of a list names anything, with or without a sign before it that takes it out
  /// again.
  private static func isKnown(_ word: Substring, by context: OpaquePointer) -> Bool {
    guard word.utf8.first != UInt8(ascii: "@") else { return true }
    let name = word.drop { "!-+".contains($0) }
    return unsafe SSL_CTX_set_cipher_list(context, String(name)) == 1
  }
}
