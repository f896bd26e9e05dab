import EventLoop
import TestSupport
import Testing
import WebSocketProtocol

@testable import LoadGenerator

@Suite("wstop load: messages, made and known again")
struct LoadPayloadTests {
  static let sizes = ["0", "1", "7", "8", "9", "20", "125", "126", "300", "65535..65537"]

  static func payload(_ sizes: String, _ kind: MessageKind = .binary) throws -> LoadPayload {
    LoadPayload(kind: kind, sizes: try #require(MessageSizes(sizes)))
  }

  @Test("A server reads every message, however the bytes are cut", arguments: sizes)
  func pieces(sizes: String) throws {
    let payload = try Self.payload(sizes)
    let stream = FrameStream(seed: 12_345)
    let whole = LoadFixture.bytes(of: stream, messages: 5, from: payload)
    let messages = LoadFixture.messages(in: whole)
    #expect(messages.count == 5)
    for (number, message) in messages.enumerated() {
      let expected = payload.message(number, seed: 12_345)
      #expect(message.count == expected.byteCount)
      #expect(payload.matches(message, at: 0, of: expected))
    }
    for pieceByteCount in [14, 15, 16, 21, 64, 1000] {
      let cut = LoadFixture.bytes(
        of: stream, messages: 5, from: payload, pieceByteCount: pieceByteCount)
      #expect(cut == whole)
    }
  }

  @Test("After a short write the rest is made again, wherever it ended")
  func shortWrites() throws {
    let payload = try Self.payload("0,3,20,200")
    let stream = FrameStream(seed: 99)
    let whole = LoadFixture.bytes(of: stream, messages: 6, from: payload)
    for sentByteCount in 0...whole.count {
      var rest = stream
      rest.advance(by: sentByteCount, in: payload)
      #expect(
        LoadFixture.bytes(of: rest, messages: 6, from: payload)
          == Array(whole.dropFirst(sentByteCount)), "after \(sentByteCount) bytes")
    }
  }

  @Test("Keys and stamps differ from message to message and from connection to connection")
  func differences() throws {
    let payload = try Self.payload("20")
    let messages = (0..<1000).map { payload.message($0, seed: 7) }
    #expect(Set(messages.map(\.maskingKey)).count > 990)
    #expect(Set(messages.map(\.stamp)).count == 1000)
    #expect(payload.message(0, seed: 7) == payload.message(0, seed: 7))
    #expect(payload.message(0, seed: 8).stamp != payload.message(0, seed: 7).stamp)
  }

  @Test("One wrong byte anywhere is no echo, and neither is another length", arguments: [1, 8, 40])
  func mismatch(byteCount: Int) throws {
    let payload = try Self.payload("\(byteCount)")
    let message = payload.message(3, seed: 1)
    let bytes = try LoadFixture.messages(
      in: LoadFixture.bytes(of: FrameStream(seed: 1), messages: 4, from: payload)
    ).at(3)
    for index in bytes.indices {
      var wrong = bytes
      wrong[index] ^= 0x20
      #expect(!payload.matches(wrong, at: 0, of: message))
      #expect(payload.matches(bytes[index...], at: index, of: message))
    }
    #expect(!payload.matches(bytes + [0x61], at: 0, of: message))
    #expect(!payload.matches(bytes, at: 0, of: payload.message(4, seed: 1)))
  }

  @Test("Compressed once, a message is what it was to whoever inflates it")
  func compressed() throws {
    let plain = try Self.payload("1,300,70000", .text)
    let payload = LoadPayload(compressing: plain)
    var stream = FrameStream(seed: 5)
    stream.isCompressing = true
    let bytes = LoadFixture.bytes(of: stream, messages: 12, from: payload, pieceByteCount: 1000)
    let parameters = DeflateParameters(
      serverNoContextTakeover: true, clientNoContextTakeover: true)
    let messages = LoadFixture.messages(
      in: bytes,
      compression: MessageCompression(parameters, role: .server, streams: DeflateStreams()))
    #expect(messages.count == 12)
    #expect(Set(messages.map(\.count)) == [1, 300, 70_000])
    for (number, message) in messages.enumerated() {
      let expected = stream.message(number, of: payload)
      #expect(payload.matches(message, at: 0, of: expected))
      #expect(expected.isCompressed == (expected.byteCount > 1))
    }
    #expect(bytes.count < messages.reduce(0) { $0 + $1.count } / 2)
    // Without the server's consent everything goes as it is.
    stream.isCompressing = false
    #expect(
      LoadFixture.messages(in: LoadFixture.bytes(of: stream, messages: 12, from: payload))
        == messages)
  }

  @Test("Text is ASCII")
  func text() throws {
    let payload = try Self.payload("5000", .text)
    let bytes = LoadFixture.messages(
      in: LoadFixture.bytes(of: FrameStream(seed: .max), messages: 1, from: payload))
    #expect(bytes.first?.count == 5000)
    #expect(bytes.first?.allSatisfy { $0 < 0x80 } == true)
  }

  @Test("A message of one's own is sent as it is")
  func own() {
    let payload = LoadPayload(kind: .text, content: Array("{\"op\":\"time\"}".utf8))
    let bytes = LoadFixture.bytes(of: FrameStream(seed: 1), messages: 3, from: payload)
    #expect(
      LoadFixture.messages(in: bytes)
        == Array(repeating: Array("{\"op\":\"time\"}".utf8), count: 3))
  }
}
