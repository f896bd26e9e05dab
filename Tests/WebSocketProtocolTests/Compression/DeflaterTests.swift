import Testing
import Vocabulary
import WebSocketProtocol

@Suite("What is compressed, RFC 7692 §7.2.1")
struct DeflaterTests {
  /// Random numbers that are the same at each run.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  /// A message of some kind: text that repeats itself, bytes that compress a little, noise.
  private func message(_ numbers: inout Numbers) -> [UInt8] {
    let count = Int.random(in: 0...(1 << Int.random(in: 0...17, using: &numbers)), using: &numbers)
    let mask: UInt8 = [0x03, 0x0F, 0x3F, 0xFF].randomElement(using: &numbers) ?? 0xFF
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) & mask }
  }

  @Test(
    "Random messages come back, in every window and with or without context",
    arguments: 8...15, [true, false])
  func roundTrip(windowBits: Int, keepsContext: Bool) {
    var numbers = Numbers(state: UInt64(windowBits * 2 + (keepsContext ? 1 : 0)))
    let parameters = DeflateParameters(
      serverNoContextTakeover: !keepsContext, clientNoContextTakeover: !keepsContext,
      serverMaxWindowBits: windowBits, clientMaxWindowBits: windowBits)
    for role in bothRoles {
      let sender = compression(parameters, of: role == .server ? .client : .server)
      // One byte at a time of what is inflated leaves the window's size no way to hide.
      let receiving = compression(parameters, of: role)
      var receiver = Receiver(role: role, compression: receiving)
      var compressedCount = 0
      for _ in 0..<40 {
        let message = message(&numbers)
        let (payload, isCompressed) = sender.deflate(message)
        compressedCount += isCompressed ? 1 : 0
        #expect(isCompressed ? payload.count < message.count : payload == message)
        receiver.received = []
        let bytes = frame(.binary, payload, rsv1: isCompressed, to: role)
        var offset = 0
        while offset < bytes.count {
          let end = min(bytes.count, offset + Int.random(in: 1...5000, using: &numbers))
          receiver.receive(bytes[offset..<end])
          offset = end
        }
        let received = receiver.received
        guard received == [.message(.binary, message)] else {
          Issue.record("a message of \(message.count) bytes did not come back")
          return
        }
      }
      // zlib has no window of 2^8 to compress with.
      #expect(windowBits == 8 ? compressedCount == 0 : compressedCount > 10)
    }
  }

  @Test("With context the second of two equal messages is a fraction of the first")
  func context() {
    let message = pattern(600)
    let sender = compression(DeflateParameters())
    let first = sender.deflate(message)
    let second = sender.deflate(message)
    #expect(second.isCompressed && second.payload.count * 10 < message.count)
    let other = compression(withoutContext)
    #expect(other.deflate(message).payload == other.deflate(message).payload)
    _ = first
  }

  @Test("A message that does not become smaller is sent as it is, and disturbs no context")
  func incompressible() {
    var numbers = Numbers(state: 1)
    let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    let text = Array(String(repeating: "abcdefgh", count: 50).utf8)
    for parameters in [DeflateParameters(), withoutContext] {
      let sender = compression(parameters)
      var receiver = Receiver(
        role: .server, compression: compression(parameters, of: .server))
      let messages = [text, noise, text, noise, noise, text, [], [0x61]]
      for message in messages {
        let (payload, isCompressed) = sender.deflate(message)
        #expect(isCompressed == (message == text))
        receiver.receive(frame(.binary, payload, rsv1: isCompressed, to: .server))
      }
      let received = receiver.received
      #expect(received == messages.map { .message(.binary, $0) })
    }
  }

  @Test("A message compressed for itself may stand between those with context")
  func independent() throws {
    let streams = DeflateStreams()
    let sender = compression(DeflateParameters(), of: .server, streams: streams)
    var receiver = Receiver(
      role: .client, compression: compression(DeflateParameters()))
    let message = Array(String(repeating: "to and fro ", count: 30).utf8)
    let other = Array(String(repeating: "for everybody ", count: 100).utf8)
    for round in 0..<6 {
      if round % 2 == 1 {
        let bits = try #require(sender.independentWindowBits(forMessageOf: other.count))
        let payload = try #require(
          sender.deflateIndependently(other.span, windowBits: bits) { array(of: $0) })
        sender.sentIndependently()
        receiver.receive(frame(.text, payload, rsv1: true, to: .client))
      }
      let (payload, isCompressed) = sender.deflate(message)
      receiver.receive(frame(.text, payload, rsv1: isCompressed, to: .client))
    }
    let received = receiver.received
    #expect(received.count == 9)
    #expect(received.allSatisfy { $0 == .message(.text, message) || $0 == .message(.text, other) })
  }

  @Test(
    "The window is the smallest that holds the message",
    arguments: [
      (1, 9), (250, 9), (251, 10), (762, 10), (763, 11), (32_506, 15), (1 << 30, 15),
    ])
  func windows(byteCount: Int, windowBits: Int) {
    #expect(Deflater.windowBits(forMessageOf: byteCount) == windowBits)
    let small = compression(
      DeflateParameters(serverNoContextTakeover: true, serverMaxWindowBits: 10), of: .server)
    #expect(small.independentWindowBits(forMessageOf: byteCount) == min(windowBits, 10))
    let least = compression(
      DeflateParameters(serverNoContextTakeover: true, serverMaxWindowBits: 8), of: .server)
    #expect(least.independentWindowBits(forMessageOf: byteCount) == nil)
  }

  @Test("When a session has ended it holds no deflater")
  func ended() {
    let message = pattern(600)
    let sender = compression(DeflateParameters())
    _ = sender.deflate(message)
    sender.end()
    // What a shared stream makes of it: it refers to nothing before.
    #expect(sender.deflate(message).payload.count > 100)
  }

  @Test("Buffers are used again, and large ones are not kept")
  func spare() {
    let spare = SpareBuffer()
    var buffer = spare.take()
    #expect(spare.capacity == 0)
    buffer.append(copying: pattern(3000).span)
    spare.give(buffer)
    #expect(spare.capacity >= 3000)
    let again = spare.take()
    let (count, capacity) = (again.count, again.capacity)
    #expect(count == 0 && capacity >= 3000)
    spare.give(again)
    var large = ByteBuffer()
    large.append(copying: [UInt8](repeating: 1, count: SpareBuffer.maximumCapacity + 1).span)
    spare.give(large)
    #expect(spare.capacity >= 3000 && spare.capacity < 10_000)
  }
}
