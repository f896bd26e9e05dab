import Testing

@testable import WebSocketProtocol

@Suite("Bodies of messages, RFC 9112 §6 and §7")
struct BodyReaderTests {
  /// What a reader makes of bytes.
  private struct Read: Hashable {
    var payload: [UInt8] = []
    var isAtEnd = false
    /// The bytes that belong to the body.
    var byteCount = 0
    var fault: BodyReader.Fault?
  }

  private func read(
    _ bytes: [UInt8], _ framing: BodyReader.Framing, inPiecesOf size: Int
  ) -> Read {
    var reader = BodyReader(framing)
    var read = Read()
    var start = 0
    repeat {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      var cursor = 0
      do throws(BodyReader.Fault) {
        while let event = try reader.next(in: piece.span, from: &cursor) {
          switch event {
          case .payload(let range):
            #expect(!range.isEmpty && range.upperBound == cursor)
            read.payload += piece[range]
          case .end: read.isAtEnd = true
          }
        }
      } catch {
        read.fault = error
        #expect(throws: error) { try reader.next(in: piece.span, from: &cursor) }
        return read
      }
      #expect(reader.isAtEnd == read.isAtEnd)
      read.byteCount += cursor
      start += piece.count
      if !read.isAtEnd { #expect(cursor == piece.count, "all bytes are taken") }
    } while start < bytes.count && !read.isAtEnd
    #expect(reader.payloadByteCount == read.payload.count)
    return read
  }

  /// What a reader makes of bytes, which is the same however they are cut.
  private func read(
    _ text: String, _ framing: BodyReader.Framing = .chunked,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Read {
    let bytes = Array(text.utf8)
    let whole = read(bytes, framing, inPiecesOf: max(bytes.count, 1))
    for size in [1, 2, 3, 7, 100] where size < bytes.count {
      let cut = read(bytes, framing, inPiecesOf: size)
      #expect(cut.isAtEnd == whole.isAtEnd, "in pieces of \(size)", sourceLocation: sourceLocation)
      #expect(cut.fault == whole.fault, "in pieces of \(size)", sourceLocation: sourceLocation)
      if whole.fault == nil {
        #expect(cut == whole, "in pieces of \(size)", sourceLocation: sourceLocation)
      }
    }
    return whole
  }

  @Test("A counted body ends at its count, an empty one at once")
  func counted() {
    #expect(
      read("hello, next", .byteCount(5))
        == Read(payload: Array("hello".utf8), isAtEnd: true, byteCount: 5))
    #expect(read("next", .byteCount(0)) == Read(payload: [], isAtEnd: true, byteCount: 0))
    #expect(read("", .byteCount(0)) == Read(payload: [], isAtEnd: true, byteCount: 0))
    #expect(
      read("hel", .byteCount(5))
        == Read(payload: Array("hel".utf8), isAtEnd: false, byteCount: 3))
  }

  @Test("A body without a length is all bytes up to the end of the stream")
  func untilEnd() throws {
    #expect(
      read("0\r\n\r\nx", .untilEnd)
        == Read(payload: Array("0\r\n\r\nx".utf8), isAtEnd: false, byteCount: 6))
    var reader = BodyReader(.untilEnd)
    try reader.receiveEndOfStream()
    #expect(reader.isAtEnd)
  }

  @Test(
    "A body in chunks is their payload, without extensions and trailers",
    arguments: [
      ("0\r\n\r\n", ""), ("000\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
      ("5\r\nhello\r\nA\r\n, it's me.\r\n0\r\n\r\n", "hello, it's me."),
      ("a\r\n0123456789\r\n00\r\n\r\n", "0123456789"),
      ("0000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
      ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
      ("5;a\r\nhello\r\n0;last=\"1\"\r\n\r\n", "hello"),
      ("5 \t; a = \"b;c\" ;d\r\nhello\r\n0\r\n\r\n", "hello"),
      ("5;\r\nhello\r\n0\r\n\r\n", "hello"),
      ("5\r\nhello\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n", "hello"),
    ])
  func chunked(text: String, payload: String) {
    #expect(
      read(text + "GET / HTTP/1.1")
        == Read(payload: Array(payload.utf8), isAtEnd: true, byteCount: text.utf8.count))
  }

  @Test(
    "Chunks that others may read in another way are malformed",
    arguments: [
      ("\r\n", .malformedChunk), ("x\r\n", .malformedChunk), (" 5\r\nhello\r\n", .malformedChunk),
      ("-5\r\nhello\r\n", .malformedChunk), ("+5\r\nhello\r\n", .malformedChunk),
      ("0x5\r\nhello\r\n", .malformedChunk), ("5h\r\n", .malformedChunk),
      ("5,\r\n", .malformedChunk), ("5_0\r\n", .malformedChunk), ("\"5\"\r\n", .malformedChunk),
      ("5\nhello\n0\n\n", .malformedChunk), ("5\r\r\n", .malformedChunk),
      ("5\rhello", .malformedChunk),
      ("5 \r\nhello\r\n", .malformedChunk), ("5 5\r\n", .malformedChunk),
      (";a\r\n", .malformedChunk),
      ("5;a\nhello\r\n", .malformedChunk), ("5;a\rb\r\n", .malformedChunk),
      ("5;a\u{0}\r\n", .malformedChunk), ("5;a\u{1B}\r\n", .malformedChunk),
      ("5\r\nhello0\r\n\r\n", .malformedChunk), ("5\r\nhello\n0\r\n\r\n", .malformedChunk),
      ("5\r\nhello\r0\r\n", .malformedChunk), ("5\r\nhello!\r\n", .malformedChunk),
      ("4\r\nhello\r\n", .malformedChunk), ("5\r\nhello\r\n\r\n", .malformedChunk),
      ("8000000000000000\r\n", .chunkTooLarge), ("ffffffffffffffff\r\n", .chunkTooLarge),
      ("10000000000000000\r\n", .chunkTooLarge), ("00000000000000005\r\n", .chunkTooLarge),
      ("1000000000000000000000005\r\n", .chunkTooLarge),
      ("0\r\nA : b\r\n\r\n", .malformedTrailer), ("0\r\n A: b\r\n\r\n", .malformedTrailer),
      ("0\r\nA: b\n\r\n", .malformedTrailer), ("0\r\nA\r\n\r\n", .malformedTrailer),
      ("0\r\n: b\r\n\r\n", .malformedTrailer), ("0\r\n\n", .malformedTrailer),
      ("0\r\n\rx", .malformedTrailer), ("0\r\nA: b\r\n c\r\n\r\n", .malformedTrailer),
      ("0\r\nA: b\u{0}\r\n\r\n", .malformedTrailer), ("0\r\nA: b\rc\r\n\r\n", .malformedTrailer),
    ] as [(String, BodyReader.Fault)])
  func malformed(text: String, fault: BodyReader.Fault) {
    let read = read(text)
    #expect(read.fault == fault)
    #expect(!read.isAtEnd)
  }

  @Test("The size of a chunk is a number of 63 bits, and no memory is taken for it")
  func largestChunk() {
    let read = read("7fffffffffffffff\r\nhello")
    #expect(read == Read(payload: Array("hello".utf8), isAtEnd: false, byteCount: 23))
  }

  @Test("The first line of a chunk has at most 256 bytes")
  func chunkLineLimit() {
    func body(_ byteCount: Int) -> String {
      "1\(";" + String(repeating: "x", count: byteCount - 4))\r\nh\r\n0\r\n\r\n"
    }
    #expect(read(body(256)).isAtEnd)
    #expect(read(body(257)).fault == .chunkLineTooLong)
    #expect(read("1;" + String(repeating: "x", count: 10000)).fault == .chunkLineTooLong)
    // The limit is each line's own.
    #expect(read(String(repeating: "1;xxxxxxxxxx\r\nh\r\n", count: 100) + "0\r\n\r\n").isAtEnd)
  }

  @Test("Trailers have at most 16 KiB together")
  func trailerLimit() {
    func body(_ byteCount: Int) -> String {
      "0\r\n" + String(repeating: "A: bcd\r\n", count: (byteCount - 8) / 8)
        + "A: b\r\n\r\n"
    }
    #expect(read(body(16 << 10)).isAtEnd)
    #expect(read(body((16 << 10) + 8)).fault == .trailersTooLarge)
  }

  @Test(
    "A stream that ends before the body is a cut one",
    arguments: [
      ("hel", .byteCount(5)), ("", .byteCount(1)), ("", .chunked), ("5", .chunked),
      ("5\r\nhel", .chunked), ("5\r\nhello", .chunked), ("5\r\nhello\r\n", .chunked),
      ("0\r\n", .chunked), ("0\r\n\r", .chunked), ("0\r\nA: b\r\n", .chunked),
    ] as [(String, BodyReader.Framing)])
  func cut(text: String, framing: BodyReader.Framing) throws {
    var reader = BodyReader(framing)
    let bytes = Array(text.utf8)
    var cursor = 0
    while try reader.next(in: bytes.span, from: &cursor) != nil {}
    #expect(throws: BodyReader.Fault.cut) { try reader.receiveEndOfStream() }
    #expect(throws: BodyReader.Fault.cut) { try reader.next(in: bytes.span, from: &cursor) }
    #expect(!reader.isAtEnd)
  }

  @Test("The end of the stream behind the end of the body is none of its concern")
  func endBehindBody() throws {
    for (text, framing) in [("0\r\n\r\n", .chunked), ("x", .byteCount(1)), ("", .byteCount(0))]
      as [(String, BodyReader.Framing)]
    {
      var reader = BodyReader(framing)
      let bytes = Array(text.utf8)
      var cursor = 0
      while try reader.next(in: bytes.span, from: &cursor) != nil {}
      #expect(reader.isAtEnd)
      try reader.receiveEndOfStream()
      #expect(reader.isAtEnd)
    }
  }

  @Test(
    "A request's body is counted or in chunks, and none if neither is said",
    arguments: [
      ("", .byteCount(0)), ("Content-Length: 7\r\n", .byteCount(7)),
      ("Transfer-Encoding: chunked\r\n", .chunked),
    ] as [(String, BodyReader.Framing)])
  func requests(fields: String, framing: BodyReader.Framing) throws {
    let head = try head("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
    #expect(try BodyReader.Framing(of: head) == framing)
  }

  @Test(
    "A request whose body may be read in two ways is refused",
    arguments: [
      ("Content-Length: 7\r\nTransfer-Encoding: chunked\r\n", .bothFramings),
      ("Content-Length: 7\r\nContent-Length: 7\r\n", .malformedLength),
      ("Transfer-Encoding: gzip\r\n", .unknownCoding),
      ("Transfer-Encoding: chunked, identity\r\n", .unknownCoding),
      ("Content-Length: 0x7\r\n", .malformedLength), ("Content-Length: -7\r\n", .malformedLength),
    ] as [(String, BodyReader.Fault)])
  func ambiguousRequests(fields: String, fault: BodyReader.Fault) throws {
    let head = try head("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
    #expect(throws: fault) { try BodyReader.Framing(of: head) }
  }

  @Test("Chunks as they are written are read again")
  func written() {
    var bytes: [UInt8] = []
    for payload in ["hello", String(repeating: "x", count: 300)] {
      bytes += ChunkedCoding.chunkStart(byteCount: payload.utf8.count)
      bytes += Array(payload.utf8) + ChunkedCoding.chunkEnd
    }
    bytes += ChunkedCoding.end
    let read = read(String(decoding: bytes, as: UTF8.self))
    #expect(read.payload.count == 305 && read.isAtEnd && read.byteCount == bytes.count)
  }

  @Test("Each fault has a text of its own")
  func texts() {
    let faults: [BodyReader.Fault] = [
      .bothFramings, .malformedLength, .unknownCoding, .malformedChunk, .chunkTooLarge,
      .chunkLineTooLong, .malformedTrailer, .trailersTooLarge, .cut,
    ]
    #expect(Set(faults.map(\.description)).count == faults.count)
    #expect(
      UpstreamAnswer.Fault.body(.bothFramings).description
        == "the body of its refusal: Content-Length and Transfer-Encoding together")
  }
}
