import EventLoop
import Testing
import Vocabulary
import WebSocketProtocol

@testable import LoadGenerator

@Suite("wstop load: a server's frames")
struct EchoReaderTests {
  static let payload = LoadPayload(kind: .text, content: Array("hello".utf8))

  /// What is read of bytes that come in two parts.
  static func items(
    _ bytes: [UInt8], cutAt cut: Int, expecting content: Bool = true
  ) throws -> [EchoReader.Item] {
    var reader = EchoReader()
    var items: [EchoReader.Item] = []
    var held: [UInt8] = []
    for part in [bytes[..<cut], bytes[cut...]] {
      held += part
      var cursor = 0
      while let item = try reader.next(
        in: held.span, from: &cursor,
        expecting: content ? payload.message(0, seed: 0) : nil, of: payload)
      {
        // A range counts from the bytes of one call.
        if case .ping(let range) = item {
          items.append(.ping(0..<range.count))
        } else {
          items.append(item)
        }
      }
      held.removeFirst(cursor)
    }
    #expect(held.isEmpty)
    return items
  }

  static func echo(_ isEcho: Bool, _ byteCount: Int = 5) -> EchoReader.Item {
    .message(EchoReader.Reply(byteCount: byteCount, isEcho: isEcho))
  }

  @Test(
    "Frames and fragments are messages, wherever the reads end",
    arguments: [
      ([0x81, 5] + Array("hello".utf8), [echo(true)]),
      ([0x81, 5] + Array("jello".utf8), [echo(false)]),
      ([0x82, 5] + Array("hello".utf8), [echo(false)]),
      ([0x81, 4] + Array("hell".utf8), [echo(false, 4)]),
      ([0x81, 6] + Array("hello!".utf8), [echo(false, 6)]),
      ([0x81, 0], [echo(false, 0)]),
      (
        [0x01, 2] + Array("he".utf8) + [0x89, 1, 0x41, 0x00, 0, 0x80, 3] + Array("llo".utf8)
          + [0x8A, 0],
        [.ping(0..<1), echo(true), .pong]
      ),
      ([0x81, 0x7E, 0, 126] + Array(repeating: 0x61, count: 126), [echo(false, 126)]),
      ([0x88, 2, 0x0F, 0xA1], [.close(CloseCode(rawValue: 4001), reason: "")]),
      ([0x88, 3, 0x0F, 0xA1, 0x61], [.close(CloseCode(rawValue: 4001), reason: "a")]),
      ([0x88, 0], [.close(nil, reason: "")]),
    ] as [([UInt8], [EchoReader.Item])])
  func frames(bytes: [UInt8], items: [EchoReader.Item]) throws {
    for cut in 0...bytes.count {
      #expect(try Self.items(bytes, cutAt: cut) == items, "cut at \(cut)")
    }
  }

  @Test("Without an expectation a message is counted and is no echo")
  func unexpected() throws {
    let bytes: [UInt8] = [0x81, 5] + Array("hello".utf8)
    #expect(try Self.items(bytes, cutAt: 3, expecting: false) == [Self.echo(false)])
  }

  @Test("A compressed echo is one, in fragments too, and a compressed lie is none")
  func compressed() throws {
    let deflater = Deflater(windowBits: 15, level: 6, keepsContext: false)
    for (text, isEcho) in [("hello hello hello", true), ("hello hello jello", false)] {
      let payload = LoadPayload(kind: .text, content: Array("hello hello hello".utf8))
      var output = ByteBuffer()
      let source = Array(text.utf8)
      #expect(deflater.deflate(source.span, into: &output))
      let bytes = output.withSpan { Array(copying: $0) }
      let half = bytes.count / 2
      let frames: [UInt8] =
        [0x41, UInt8(half)] + bytes[..<half] + [0x89, 0, 0x80, UInt8(bytes.count - half)]
        + bytes[half...] + [0xC1, UInt8(bytes.count)] + bytes
      var reader = EchoReader()
      var cursor = 0
      var items: [EchoReader.Item] = []
      let inflater = DeflateStreams().inflater
      while let item = try reader.next(
        in: frames.span, from: &cursor, expecting: payload.message(0, seed: 0), of: payload,
        inflater: inflater)
      {
        items.append(item)
      }
      #expect(items.count == 3)
      #expect(items.filter { $0 == Self.echo(isEcho, 17) }.count == 2)
    }
  }

  @Test("A compressed message is kept up to its limit, and a longer one is refused at its header")
  func compressedLimit() throws {
    let limit = EchoReader.maximumKeptByteCount
    let payload = LoadPayload(kind: .text, content: [])
    let inflater = DeflateStreams().inflater
    // In fragments: of one byte, then of as many as are too many with it.
    let header = (0..<8).map { UInt8(truncatingIfNeeded: limit >> (56 - 8 * $0)) }
    let frames: [UInt8] = [0x41, 1, 0, 0x80, 127] + header
    var reader = EchoReader()
    var cursor = 0
    do {
      _ = try reader.next(
        in: frames.span, from: &cursor, expecting: nil, of: payload, inflater: inflater)
      Issue.record("it was taken")
    } catch {
      #expect(error == .messageTooBig(limit: limit, byteCount: limit + 1))
    }
  }

  @Test(
    "A server that breaks the protocol is found out",
    arguments: [
      ([0x81, 0x80, 1, 2, 3, 4], .maskedFrame), ([0x80, 0], .unexpectedContinuation),
      ([0xC1, 0], .reservedBits), ([0x83, 0], .reservedOpcode(3)),
      ([0x88, 1, 0x03], .closePayloadOneByte), ([0x88, 2, 0x03, 0xED], .closeCodeInvalid(1005)),
      ([0x01, 0, 0x81, 0], .expectedContinuation),
    ] as [([UInt8], ProtocolViolation)])
  func violations(bytes: [UInt8], violation: ProtocolViolation) {
    #expect(throws: violation) { try Self.items(bytes, cutAt: 0) }
  }
}
