internal import COpenSSL

/// A SHA-256 digest: of a secret, which is kept in this form only, or of a certificate.
///
/// Two of them are compared in a time that tells nothing of where they differ.
package struct SHA256Digest: Sendable, CustomStringConvertible {
  /// How many bytes it has.
  package static let byteCount = 32

  private let bytes: [UInt8]

  /// The digest of bytes.
  ///
  /// The corresponding C function is `EVP_Digest`.
  package init(of secret: Span<UInt8>) {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    let result = unsafe secret.withUnsafeBytes { bytes in
      unsafe EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil)
    }
    precondition(result == 1, "OpenSSL has no SHA-256")
    bytes = digest
  }

  /// The digest that 64 hexadecimal digits spell, with or without colons between the bytes; nil for
  /// any other text.
  package init?(hex text: some StringProtocol) {
    var bytes: [UInt8] = []
    var digits = text.utf8.filter { $0 != UInt8(ascii: ":") }[...]
    guard digits.count == 2 * Self.byteCount else { return nil }
    while let high = digits.popFirst(), let low = digits.popFirst() {
      guard let high = Self.value(of: high), let low = Self.value(of: low) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// A digest that OpenSSL has made.
  init(_ bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount)
    self.bytes = bytes
  }

  /// Whether two digests are of the same, found in constant time.
  ///
  /// The corresponding C function is `CRYPTO_memcmp`.
  package func matches(_ other: SHA256Digest) -> Bool {
    unsafe CRYPTO_memcmp(bytes, other.bytes, Self.byteCount) == 0
  }

  /// Its hexadecimal digits.
  package var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension TLSConnection {
  /// The SHA-256 of the certificate that the peer showed; nil if it showed none.
  package var peerFingerprint: SHA256Digest? {
    guard let certificate = unsafe SSL_get1_peer_certificate(pointer) else { return nil }
    defer { unsafe X509_free(certificate) }
    var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    guard unsafe X509_digest(certificate, EVP_sha256(), &digest, nil) == 1 else { return nil }
    return SHA256Digest(digest)
  }
}
