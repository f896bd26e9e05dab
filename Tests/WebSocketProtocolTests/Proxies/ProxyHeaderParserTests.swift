import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Headers of the PROXY protocol")
struct ProxyHeaderParserTests {
  static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  static let v4: [UInt8] = [203, 0, 113, 7, 192, 0, 2, 1, 0xC8, 0x22, 0x01, 0xBB]
  static let v6: [UInt8] =
    [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]
    + [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + [0xC8, 0x22, 0x01, 0xBB]

  /// A header of version 2.
  static func binary(
    versionAndCommand: UInt8 = 0x21, family: UInt8, _ body: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    let length = length ?? body.count
    return signature + [versionAndCommand, family, UInt8(length >> 8), UInt8(length & 0xFF)] + body
  }

  private static func parse(_ bytes: [UInt8]) -> ProxyHeaderParser.Outcome {
    ProxyHeaderParser.parse(bytes.span)
  }

  private static func parse(_ line: String) -> ProxyHeaderParser.Outcome {
    parse(Array(line.utf8))
  }

  private static func client(
    _ address: String, _ port: UInt16, isSecure: Bool? = nil
  ) throws -> ProxyHeader {
    let address: IPAddress = try #require(IPAddress(address))
    return ProxyHeader(client: ClientAddress(address, port: port), isSecure: isSecure)
  }

  /// Expects an outcome for all bytes, which every part of them leaves open.
  private static func expect(
    _ bytes: [UInt8], _ header: ProxyHeader, _ location: SourceLocation = #_sourceLocation
  ) {
    for count in 0..<bytes.count {
      #expect(parse(Array(bytes[..<count])) == .incomplete, sourceLocation: location)
    }
    for rest in [[], Array("GET / HTTP/1.1\r\n".utf8), [0x16, 0x03, 0x01], signature] {
      #expect(
        parse(bytes + rest) == .header(header, byteCount: bytes.count), sourceLocation: location)
    }
  }

  @Test("What begins otherwise is no header, from the first byte that differs on")
  func absent() {
    #expect(Self.parse([]) == .incomplete)
    for text in ["GET / HTTP/1.1\r\n", "P0", "PROX\r\n", "PROXY\r\n", "\r\nGET", "\u{16}\u{3}"] {
      #expect(Self.parse(text) == .absent)
    }
    for place in Self.signature.indices {
      var other = Self.signature
      other[place] ^= 0x20
      #expect(Self.parse(Array(other[...place])) == .absent)
    }
  }

  @Test("Version 2 over IPv4 and IPv6, split anywhere")
  func addresses() throws {
    Self.expect(Self.binary(family: 0x11, Self.v4), try Self.client("203.0.113.7", 51234))
    Self.expect(Self.binary(family: 0x21, Self.v6), try Self.client("2001:db8::7", 51234))
    let mapped = Array(repeating: UInt8(0), count: 10) + [0xFF, 0xFF, 10, 0, 0, 7]
    Self.expect(
      Self.binary(family: 0x21, mapped + mapped + [0, 80, 0, 81]), try Self.client("10.0.0.7", 80))
  }

  @Test("A Unix socket has no address")
  func unix() {
    let paths = Array("/run/a.sock".utf8) + Array(repeating: 0, count: 205)
    Self.expect(Self.binary(family: 0x31, paths), ProxyHeader(client: ClientAddress(nil)))
  }

  @Test("LOCAL and an unknown family say nothing, whatever their block holds")
  func local() {
    Self.expect(Self.binary(versionAndCommand: 0x20, family: 0x00, []), ProxyHeader())
    Self.expect(Self.binary(versionAndCommand: 0x20, family: 0x11, Self.v4), ProxyHeader())
    Self.expect(Self.binary(versionAndCommand: 0x20, family: 0xFF, [1, 2, 3]), ProxyHeader())
    Self.expect(Self.binary(family: 0x00, Array("whatever".utf8)), ProxyHeader())
  }

  @Test("TLVs are passed over, but for that of TLS")
  func tlvs() throws {
    let unknown: [UInt8] = [0xE0, 0, 3, 1, 2, 3, 0x04, 0, 0]
    Self.expect(Self.binary(family: 0x11, Self.v4 + unknown), try Self.client("203.0.113.7", 51234))
    for (flags, isSecure) in [(UInt8(0x01), true), (0x07, true), (0x00, false), (0x06, false)] {
      let tls: [UInt8] = [0x20, 0, 5, flags, 0, 0, 0, 0]
      Self.expect(
        Self.binary(family: 0x11, Self.v4 + unknown + tls + unknown),
        try Self.client("203.0.113.7", 51234, isSecure: isSecure))
    }
    let nested: [UInt8] = [0x20, 0, 15, 1, 0, 0, 0, 0, 0x21, 0, 7] + Array("TLSv1.3".utf8)
    Self.expect(
      Self.binary(family: 0x21, Self.v6 + nested),
      try Self.client("2001:db8::7", 51234, isSecure: true))
  }

  @Test("A TLV that runs over the end, or ends before its own length, is malformed")
  func brokenTLVs() {
    let tails: [[UInt8]] = [
      [0x04], [0x04, 0], [0x04, 0, 1], [0x20, 0, 4, 1, 0, 0, 0], [0x04, 0xFF, 0xFF, 1],
    ]
    for tail in tails {
      #expect(Self.parse(Self.binary(family: 0x11, Self.v4 + tail)) == .malformed)
    }
  }

  @Test("A block too short for its family is malformed, and so is an unknown version or command")
  func malformed() {
    for (family, length) in [(UInt8(0x11), 11), (0x12, 0), (0x21, 35), (0x31, 215)] {
      #expect(
        Self.parse(Self.binary(family: family, Array(repeating: 0, count: length))) == .malformed)
    }
    for value: UInt8 in [0x22, 0x2F, 0x11, 0x31, 0x01, 0xF1] {
      #expect(
        Self.parse(Self.binary(versionAndCommand: value, family: 0x11, Self.v4)) == .malformed)
    }
    #expect(Self.parse(Self.binary(family: 0x41, Self.v6)) == .malformed)
  }

  @Test("The limit is 16 + 2048 bytes: one more is refused before it is waited for")
  func limit() throws {
    let filler = 2048 - 12 - 3
    let tlv = [0xE0, UInt8(filler >> 8), UInt8(filler & 0xFF)] + Array(repeating: 9, count: filler)
    let bytes = Self.binary(family: 0x11, Self.v4 + tlv)
    #expect(bytes.count == ProxyHeaderParser.maximumByteCount)
    #expect(
      Self.parse(bytes) == .header(try Self.client("203.0.113.7", 51234), byteCount: bytes.count))
    #expect(Self.parse(Self.binary(family: 0x11, [], length: 2048)) == .incomplete)
    #expect(Self.parse(Self.binary(family: 0x11, [], length: 2049)) == .malformed)
    #expect(Self.parse(Self.binary(family: 0x11, [], length: 65535)) == .malformed)
  }

  @Test("Version 1 over IPv4 and IPv6, split anywhere")
  func lines() throws {
    Self.expect(
      Array("PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\r\n".utf8),
      try Self.client("203.0.113.7", 51234))
    Self.expect(
      Array("PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n".utf8),
      try Self.client("2001:db8::7", 51234))
    let long = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    Self.expect(
      Array("PROXY TCP6 \(long) \(long) 65535 65535\r\n".utf8), try Self.client(long, 65535))
    Self.expect(Array("PROXY UNKNOWN\r\n".utf8), ProxyHeader())
    Self.expect(Array("PROXY UNKNOWN \(long) \(long) 65535 65535\r\n".utf8), ProxyHeader())
  }

  @Test(
    "A line of version 1 that is not as it must be is malformed",
    arguments: [
      "PROXY TCP4 203.0.113.7 192.0.2.1 51234\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 2 3\r\n",
      "PROXY TCP4 203.0.113.256 192.0.2.1 1 2\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 65536\r\n",
      "PROXY TCP4 203.0.113.7 192.0.2.1 -1 2\r\n", "PROXY TCP4 203.0.113.7  192.0.2.1 1 2\r\n",
      "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n", "PROXY TCP6 203.0.113.7 192.0.2.1 1 2\r\n",
      "PROXY TCP6 2001:db8::7 192.0.2.1 1 2\r\n", "PROXY UDP4 203.0.113.7 192.0.2.1 1 2\r\n",
      "PROXY TCP4 203.0.113.7 192.0.2.1 1 2\n", "PROXY  UNKNOWN\r\n", "PROXY \r\n", "PROXY \n",
      "PROXY TCP4 203.0.113.7 192.0.2.1 1 2 \r\n", "PROXY unknown\r\n",
      "PROXY TCP4 caf\u{e9} 192.0.2.1 1 2\r\n",
    ])
  func malformedLines(_ line: String) {
    #expect(Self.parse(line) == .malformed)
  }

  @Test("A line that does not end within 107 bytes is malformed")
  func longLine() {
    let line = Array(("PROXY UNKNOWN " + String(repeating: "x", count: 200)).utf8)
    #expect(Self.parse(Array(line[..<106])) == .incomplete)
    #expect(Self.parse(Array(line[..<107])) == .malformed)
    #expect(Self.parse(line + Array("\r\n".utf8)) == .malformed)
    let longest = Array(line[..<105]) + Array("\r\n".utf8)
    #expect(Self.parse(longest) == .header(ProxyHeader(), byteCount: 107))
  }

  @Test("A line that is not UTF-8 is malformed")
  func notText() {
    #expect(Self.parse(Array("PROXY ".utf8) + [0xFF, 0xFE, 0x0D, 0x0A]) == .malformed)
  }

  @Test("No bytes behind either beginning trap, or are taken for more than there are")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for round in 0..<20_000 {
      let start = round % 2 == 0 ? Self.signature + [0x21] : Array("PROXY ".utf8)
      let count = Int.random(in: 0..<120, using: &generator)
      let bytes = start + (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      if case .header(_, let byteCount) = Self.parse(bytes) {
        #expect(byteCount <= bytes.count)
      }
    }
  }
}
