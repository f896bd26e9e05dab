// The PROXY protocol puts one header in front of everything else on a connection, also of TLS:
//
//   version 1   PROXY TCP4 203.0.113.7 192.0.2.1 51234 443 CRLF          at most 107 bytes
//   version 2   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A                      signature
//               version | command   family | transport   length, two bytes
//               source and destination address and port, then TLVs        `length` bytes
//
// The specification's limit of version 2 is 64 KiB. Ours is 2 KiB: addresses take 216 at most, and
// nothing but a TLV of the proxy's own, such as a whole certificate, is longer.

import Vocabulary

/// Reads the header that a trusted proxy may put in front of a connection (PROXY protocol, versions
/// 1 and 2).
///
/// It does no I/O: the caller presents all bytes that came so far, and drops those of the header.
package enum ProxyHeaderParser {
  /// The verdict on the bytes.
  package enum Outcome: Hashable, Sendable {
    /// More bytes are needed to tell.
    case incomplete
    /// They begin with no header; all of them belong to the protocol that follows.
    case absent
    /// A header and how many bytes it took.
    case header(ProxyHeader, byteCount: Int)
    /// They begin as a header does, and are none: end the connection.
    case malformed
  }

  /// The fixed part of version 2, in bytes.
  package static let fixedByteCount = 16
  /// The most bytes that may follow the fixed part of version 2.
  package static let maximumVariableByteCount = 2048
  /// The longest header, in bytes: never are more needed.
  package static let maximumByteCount = fixedByteCount + maximumVariableByteCount
  /// The longest line of version 1, its CRLF included.
  static let maximumLineByteCount = 107

  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let linePrefix = Array("PROXY ".utf8)

  /// Looks for a header at the beginning of the bytes.
  ///
  /// - Complexity: O(length of the header)
  package static func parse(_ bytes: Span<UInt8>) -> Outcome {
    if let outcome = match(signature, bytes) { return outcome ?? parseBinary(bytes) }
    if let outcome = match(linePrefix, bytes) { return outcome ?? parseLine(bytes) }
    return .absent
  }

  /// Whether the bytes begin with a prefix: nil if not; `.some(.incomplete)` if they end inside it;
  /// `.some(nil)` if they have it whole.
  private static func match(_ prefix: [UInt8], _ bytes: Span<UInt8>) -> Outcome?? {
    let count = min(prefix.count, bytes.count)
    for index in 0..<count where bytes[index] != prefix[index] { return nil }
    return .some(count == prefix.count ? nil : .incomplete)
  }

  // MARK: Version 2

  private static func parseBinary(_ bytes: Span<UInt8>) -> Outcome {
    guard bytes.count >= fixedByteCount else { return .incomplete }
    let length = number(bytes, at: 14)
    // The version and the length are checked before more bytes are awaited.
    guard bytes[12] >> 4 == 2, bytes[12] & 0x0F <= 1, length <= maximumVariableByteCount else {
      return .malformed
    }
    let end = fixedByteCount + length
    guard bytes.count >= end else { return .incomplete }
    // LOCAL: "the receiver must accept this connection as valid and must use the real connection
    // endpoints and discard the protocol block" (§2.2).
    guard bytes[12] & 0x0F == 1 else { return .header(ProxyHeader(), byteCount: end) }
    var header = ProxyHeader()
    let tlvs: Int
    let body = bytes.extracting(fixedByteCount..<end)
    switch bytes[13] >> 4 {
    case 0:
      // An UNSPEC block has unknown content.
      return .header(header, byteCount: end)
    case 1:
      guard length >= 12 else { return .malformed }
      header.client = ClientAddress(
        IPAddress(v4: UInt32(number(body, at: 0)) << 16 | UInt32(number(body, at: 2))),
        port: UInt16(truncatingIfNeeded: number(body, at: 8)))
      tlvs = 12
    case 2:
      guard length >= 36 else { return .malformed }
      let address = (0..<8).reduce(UInt128(0)) { $0 << 16 | UInt128(number(body, at: 2 * $1)) }
      header.client = ClientAddress(
        IPAddress(v6: address), port: UInt16(truncatingIfNeeded: number(body, at: 32)))
      tlvs = 36
    case 3:
      guard length >= 216 else { return .malformed }
      header.client = ClientAddress(nil)
      tlvs = 216
    default: return .malformed
    }
    guard readTLVs(body.extracting(tlvs..<length), into: &header) else { return .malformed }
    return .header(header, byteCount: end)
  }

  /// Goes through the type-length-values; types without a meaning here are passed over.
  ///
  /// - Returns: false if one runs over the end.
  private static func readTLVs(_ bytes: Span<UInt8>, into header: inout ProxyHeader) -> Bool {
    var index = 0
    while index < bytes.count {
      guard bytes.count - index >= 3 else { return false }
      let start = index + 3
      let length = number(bytes, at: index + 1)
      guard length <= bytes.count - start else { return false }
      // PP2_TYPE_SSL (§2.2.6): a byte of flags, of which the lowest says that the client came by
      // TLS, and four more.
      if bytes[index] == 0x20 {
        guard length >= 5 else { return false }
        header.isSecure = bytes[start] & 1 == 1
      }
      index = start + length
    }
    return true
  }

  private static func number(_ bytes: Span<UInt8>, at index: Int) -> Int {
    Int(bytes[index]) << 8 | Int(bytes[index + 1])
  }

  // MARK: Version 1

  private static func parseLine(_ bytes: Span<UInt8>) -> Outcome {
    let limit = min(bytes.count, maximumLineByteCount)
    guard let end = (0..<limit).first(where: { bytes[$0] == HTTPGrammar.lineFeed }) else {
      return limit < maximumLineByteCount ? .incomplete : .malformed
    }
    guard bytes[end - 1] == HTTPGrammar.carriageReturn else { return .malformed }
    guard let line = String(validating: bytes.extracting(linePrefix.count..<(end - 1))) else {
      return .malformed
    }
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    // "the receiver must ignore anything presented before the CRLF" (§2.1) of an unknown one.
    if words[0] == "UNKNOWN" { return .header(ProxyHeader(), byteCount: end + 1) }
    guard words.count == 5, let source = IPAddress(String(words[1])),
      IPAddress(String(words[2])) != nil, let port = number(words[3]), number(words[4]) != nil
    else { return .malformed }
    let hasColons = words[1].utf8.contains(UInt8(ascii: ":"))
    guard hasColons == words[2].utf8.contains(UInt8(ascii: ":")),
      words[0] == (hasColons ? "TCP6" : "TCP4")
    else { return .malformed }
    return .header(ProxyHeader(client: ClientAddress(source, port: port)), byteCount: end + 1)
  }

  private static func number(_ port: Substring) -> UInt16? {
    HTTPGrammar.decimal(port, maximum: 65535).flatMap { UInt16(exactly: $0) }
  }
}
