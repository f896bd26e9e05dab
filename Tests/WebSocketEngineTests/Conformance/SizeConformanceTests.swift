import TestSupport
import Testing
import WebSocketProtocol

@testable import WebSocketEngine

@Suite(
  "Conformance of sizes, RFC 6455 §5.4 and §10.4, over real sockets", .limited,
  .timeLimit(.minutes(10)))
struct SizeConformanceTests {
  static let settings = ["message-bytes=16MiB"]
  static let sizes = [64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20, 16 << 20]
  static let fragmentSizes = [64, 256, 1024, 1300, 4096, 16 << 10, 64 << 10, 1 << 20, 4 << 20]

  @Test("Messages of up to 16 MiB come back", arguments: sizes, [Opcode.text, .binary])
  func size(_ count: Int, _ opcode: Opcode) async throws {
    let message = message(count, opcode)
    try await withServer(Self.settings) { fixture in
      let client = try await fixture.session()
      try await client.send(opcode, message)
      try await expect(message, from: client, opcode)
    }
  }

  @Test(
    "4 MiB come back as one message, in whatever fragments they went", arguments: fragmentSizes,
    [Opcode.text, .binary])
  func fragments(_ count: Int, _ opcode: Opcode) async throws {
    let message = message(4 << 20, opcode)
    try await withServer(Self.settings) { fixture in
      let client = try await fixture.session()
      var frames: [UInt8] = []
      for start in stride(from: 0, to: message.count, by: count) {
        let end = min(start + count, message.count)
        frames += client.frame(
          start == 0 ? opcode : .continuation, Array(message[start..<end]),
          isFinal: end == message.count)
      }
      try await client.send(raw: frames)
      try await expect(message, from: client, opcode)
    }
  }

  @Test(
    "A message comes back that came in small pieces", arguments: [64, 128, 256, 512, 1024, 2048])
  func pieces(_ count: Int) async throws {
    let message = message(256 << 10, .text)
    try await withServer(Self.settings) { fixture in
      let client = try await fixture.session()
      let frame = client.frame(.text, message)
      for start in stride(from: 0, to: frame.count, by: count) {
        try await client.send(raw: Array(frame[start..<min(start + count, frame.count)]))
      }
      try await expect(message, from: client, .text)
    }
  }

  @Test("One message after another comes back", arguments: [0, 16, 64, 256, 1024, 4096])
  func roundTrips(_ count: Int) async throws {
    try await withServer(Self.settings) { fixture in
      let client = try await fixture.session()
      for number in 0..<250 {
        let opcode = number.isMultiple(of: 2) ? Opcode.text : .binary
        let message = message(count, opcode, seed: number)
        try await client.send(opcode, message)
        try await expect(message, from: client, opcode)
      }
    }
  }

  @Test("A message over the limit is 1009 before it has come, whole or in fragments")
  func overTheLimit() async throws {
    try await withServer(Self.settings) { fixture in
      let whole = try await fixture.session()
      // The header alone: 16 MiB and a byte.
      try await whole.send(raw: [0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4])
      #expect(try await whole.next() == .close(1009, "message too big"))
      #expect(try await whole.next() == .endOfStream)

      let parted = try await fixture.session()
      try await parted.send(.binary, message(8 << 20, .binary), isFinal: false)
      try await parted.send(raw: [0x80, 0xFF, 0, 0, 0, 0, 0, 0x80, 0, 1, 1, 2, 3, 4])
      #expect(try await parted.next() == .close(1009, "message too big"))
      #expect(try await parted.next() == .endOfStream)
    }
  }

  private func message(_ count: Int, _ opcode: Opcode, seed: Int = 1) -> [UInt8] {
    let bytes = pattern(count, seed: seed)
    return opcode == .text ? bytes.map { $0 & 0x7F } : bytes
  }

  private func expect(
    _ message: [UInt8], from client: TestClient, _ opcode: Opcode
  ) async throws {
    switch try await client.next() {
    case .text(let text) where opcode == .text: #expect(areEqual(Array(text.utf8), message))
    case .binary(let bytes) where opcode == .binary: #expect(areEqual(bytes, message))
    default: Issue.record("no echo of \(message.count) bytes")
    }
  }
}
