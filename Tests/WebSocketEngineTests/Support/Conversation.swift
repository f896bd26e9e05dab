import Testing

@testable import WebSocketEngine

/// What a client sends to an endpoint that echoes, and what has to come back.
struct Conversation: Sendable, CustomTestStringConvertible {
  /// How it ends.
  enum End: Equatable, Sendable {
    /// The client closes with 1000, and the server answers.
    case byClient
    /// The server closes with the code, unasked or in answer.
    case byServer(UInt16?)
  }

  /// How the client's bytes come.
  enum Delivery: CaseIterable {
    /// All at once.
    case atOnce
    /// A frame at a time.
    case byFrame
    /// A byte at a time, where there are few.
    case byByte
  }

  var name: String
  var frames: [[UInt8]]
  var answers: [TestClient.Received]
  var end: End
  var testDescription: String { name }

  init(
    _ name: String, _ frames: [[UInt8]], answers: [TestClient.Received] = [],
    end: End = .byClient
  ) {
    self.name = name
    self.frames = frames
    self.answers = answers
    self.end = end
  }

  private static let close: [UInt8] = frame(0x88, [0x03, 0xE8])

  /// Has the conversation in each delivery, and expects the very answers, the close frame and the
  /// end of the stream, without a reset.
  func expect(on fixture: ServerFixture, _ target: String = "/echo") async throws {
    let frames = end == .byClient ? frames + [Self.close] : frames
    let code: UInt16? = if case .byServer(let code) = end { code } else { 1000 }
    for delivery in Delivery.allCases {
      let bytes = Array(frames.joined())
      if delivery == .byByte, bytes.count > 400 { continue }
      let client = try await fixture.session(target)
      switch delivery {
      case .atOnce: try await client.send(raw: bytes)
      case .byFrame: for frame in frames { try await client.send(raw: frame) }
      // The server may have closed before the last of them.
      case .byByte: for byte in bytes { _ = client.sendNow(raw: [byte]) }
      }
      var received: [TestClient.Received] = []
      while received.last != .endOfStream, received.last != .connectionReset {
        received.append(try await client.next())
      }
      #expect(received.last == .endOfStream, "\(name), \(delivery)")
      #expect(received.dropLast(2) == answers[...], "\(name), \(delivery)")
      guard received.count >= 2, case .close(let given, _) = received[received.count - 2] else {
        Issue.record("no close frame: \(name), \(delivery)")
        continue
      }
      #expect(given == code, "\(name), \(delivery)")
    }
  }
}

/// A client's frame that begins with a byte, whatever that says.
func frame(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
  let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  var bytes = [first]
  switch payload.count {
  case 0...125: bytes.append(0x80 | UInt8(payload.count))
  case 126...0xFFFF: bytes += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
  default:
    bytes.append(0xFF)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
    }
  }
  bytes += key
  bytes.reserveCapacity(bytes.count + payload.count)
  for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index & 3]) }
  return bytes
}

func frame(_ first: UInt8, _ payload: String) -> [UInt8] {
  frame(first, Array(payload.utf8))
}
