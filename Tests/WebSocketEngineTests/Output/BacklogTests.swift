import EventLoop
import Glibc
import TestSupport
import Testing
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Output that waits for its peer", .limited, .timeLimit(.minutes(10)))
struct BacklogTests {
  /// Two connected sockets, of which the first takes very little at once.
  struct Pair: ~Copyable {
    let writer: OwnedDescriptor
    let reader: OwnedDescriptor

    init() throws {
      let (writer, reader) = try Socket.pair()
      self.writer = OwnedDescriptor(owning: writer)
      self.reader = OwnedDescriptor(owning: reader)
      var size: Int32 = 1
      _ = setsockopt(
        writer, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads up to some bytes of what is there.
    func read(atMost count: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      var span = bytes.mutableSpan
      guard case .bytes(let taken) = Syscalls.receive(reader.number, into: &span, from: 0) else {
        return []
      }
      return Array(bytes[..<taken])
    }
  }

  static func frame(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    FrameEncoder.header(opcode, isFinal: isFinal, payloadByteCount: payload.count) + payload
  }

  static func fragments(_ payload: [UInt8], of size: Int) -> [[UInt8]] {
    stride(from: 0, to: payload.count, by: size).map { start in
      let end = min(start + size, payload.count)
      return frame(
        start == 0 ? .binary : .continuation, Array(payload[start..<end]),
        isFinal: end == payload.count)
    }
  }

  /// The whole frames that bytes consist of.
  static func frames(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var next = 0
    while next < bytes.count {
      let count = FrameWalk.frameByteCount(in: bytes.span, at: next)
      try #require(next + count <= bytes.count, "the stream ends inside a frame")
      frames.append(Array(bytes[next..<(next + count)]))
      next += count
    }
    return frames
  }

  @Test(
    "What is left of a broadcast's frame comes before a control frame, unless none of it was sent")
  func restOfFrame() throws {
    let whole = Self.frame(.text, Array(repeating: 97, count: 300))
    let ping = Self.frame(.ping, [1, 2])
    for sent in [0, 1, 150, whole.count - 1] {
      let pair = try Pair()
      var backlog = Backlog()
      backlog.append(restOf: SharedBytes(copying: whole.span), from: sent, isShared: true)
      #expect(backlog.byteCount == whole.count - sent)
      let isQueued = backlog.append(control: ping)
      #expect(isQueued)
      let result = backlog.flush(to: pair.writer.number)
      #expect(result.sent == whole.count - sent + ping.count && backlog.isEmpty)
      let rest = Array(whole[sent...])
      #expect(pair.read(atMost: 4096) == (sent == 0 ? ping + rest : rest + ping))
    }
  }

  @Test(
    "Frames, long messages and control frames, in any order and however short the writes",
    arguments: 0..<60)
  func randomSequences(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pair = try Pair()
    var backlog = Backlog()
    var data: [[UInt8]] = []
    var control: [[UInt8]] = []
    var stream: [UInt8] = []
    var owed = 0
    for step in 0..<Int.random(in: 1...40, using: &random) {
      switch Int.random(in: 0..<8, using: &random) {
      case 6...7:
        // Small ones, of which many stand behind each other.
        for index in 0..<Int.random(in: 1...200, using: &random) {
          let payload = pattern(Int.random(in: 0...252, using: &random), seed: step + index)
          backlog.append(.binary, copying: payload.span)
          data.append(Self.frame(.binary, payload))
        }
      case 0...1:
        let payload = pattern(
          [0, 1, 125, 126, 900, 70_000].randomElement(using: &random) ?? 0, seed: step)
        let bytes = Self.frame(.binary, payload)
        backlog.append(frames: SharedBytes(copying: bytes.span))
        data.append(bytes)
        owed += bytes.count
      case 2:
        let payload = pattern(Int.random(in: 200...40_000, using: &random), seed: step)
        let size = Int.random(in: 125...9000, using: &random)
        backlog.append(
          LongMessage(
            SharedBytes(copying: payload.span), as: MessagePart(whole: .binary),
            fragmentByteCount: size))
        data += Self.fragments(payload, of: size)
        owed += payload.count
      case 3:
        let bytes = Self.frame(.pong, pattern(Int.random(in: 0...125, using: &random), seed: step))
        if backlog.append(control: bytes) { control.append(bytes) }
      default:
        if Bool.random(using: &random) {
          let (_, hasFailed) = backlog.flush(to: pair.writer.number)
          #expect(!hasFailed)
        }
        stream += pair.read(atMost: Int.random(in: 1...30_000, using: &random))
      }
      #expect(backlog.byteCount >= 0)
    }
    while true {
      let (_, hasFailed) = backlog.flush(to: pair.writer.number)
      #expect(!hasFailed)
      let bytes = pair.read(atMost: 100_000)
      if bytes.isEmpty, backlog.isEmpty { break }
      stream += bytes
    }
    let frames = try Self.frames(stream)
    try #require(frames.allSatisfy { !$0.isEmpty })
    #expect(frames.filter { $0[0] & 8 == 0 } == data)
    #expect(frames.filter { $0[0] & 8 != 0 } == control)
    #expect(backlog.byteCount == 0)
  }

  @Test("Dropping leaves whole frames and nothing after the one in flight", arguments: 0..<60)
  func drop(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pair = try Pair()
    var backlog = Backlog()
    var data: [[UInt8]] = []
    var messageCount = 0
    for step in 0..<Int.random(in: 1...20, using: &random) {
      messageCount += 1
      let isSmall = Bool.random(using: &random)
      let payload = pattern(
        Int.random(in: 0...(isSmall ? 300 : 20_000), using: &random), seed: step)
      if isSmall || Bool.random(using: &random) {
        let bytes = Self.frame(.binary, payload)
        backlog.append(frames: SharedBytes(copying: bytes.span))
        data.append(bytes)
      } else {
        backlog.append(
          LongMessage(
            SharedBytes(copying: payload.span), as: MessagePart(whole: .binary),
            fragmentByteCount: 3000))
        data += payload.isEmpty ? [Self.frame(.binary, [])] : Self.fragments(payload, of: 3000)
      }
    }
    var stream: [UInt8] = []
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      _ = backlog.flush(to: pair.writer.number)
      stream += pair.read(atMost: Int.random(in: 1...6000, using: &random))
    }
    let owed = backlog.byteCount
    let dropped = backlog.dropAfterFrameInFlight()
    #expect(backlog.byteCount == owed - dropped.byteCount)
    let close = Self.frame(.close, [3, 232])
    backlog.append(frames: SharedBytes(copying: close.span))
    while true {
      _ = backlog.flush(to: pair.writer.number)
      let bytes = pair.read(atMost: 100_000)
      if bytes.isEmpty, backlog.isEmpty { break }
      stream += bytes
    }
    let frames = try Self.frames(stream)
    #expect(frames.last == close)
    #expect(Array(frames.dropLast()) == Array(data.prefix(frames.count - 1)))
    let finished = frames.dropLast().count { $0.first.map { $0 & 0x80 != 0 } == true }
    #expect(dropped.messageCount == messageCount - finished)
  }

  @Test("What is shared with others is not counted as this session's own")
  func shared() throws {
    let pair = try Pair()
    var backlog = Backlog()
    let bytes = Self.frame(.binary, pattern(10_000))
    backlog.append(frames: SharedBytes(copying: bytes.span), isShared: true)
    #expect(backlog.byteCount == bytes.count)
    #expect(backlog.heldByteCount < 1000)
    #expect(backlog.limitedByteCount >= bytes.count)
    while !backlog.isEmpty {
      _ = backlog.flush(to: pair.writer.number)
      _ = pair.read(atMost: 100_000)
    }
    #expect(backlog.byteCount == 0)
  }

  @Test("A message of its own is held whole until its last byte is sent, and let go then")
  func heldWhole() throws {
    let pair = try Pair()
    var backlog = Backlog()
    backlog.append(
      LongMessage(
        SharedBytes(copying: pattern(100_000).span), as: MessagePart(whole: .binary),
        fragmentByteCount: 1000))
    while !backlog.isEmpty {
      #expect(backlog.heldByteCount >= 100_000)
      _ = backlog.flush(to: pair.writer.number)
      _ = pair.read(atMost: 10_000)
    }
    #expect(backlog.heldByteCount < 10_000)
  }

  @Test(
    "Small messages take little more memory than their frames do",
    arguments: [0, 1, 20, 125, 126, Backlog.maximumGatheredPayloadByteCount, 253, 1000])
  func smallMessages(_ byteCount: Int) throws {
    var backlog = Backlog()
    let payload = pattern(byteCount)
    while backlog.limitedByteCount < 1 << 20 {
      if byteCount <= Backlog.maximumGatheredPayloadByteCount {
        backlog.append(.binary, copying: payload.span)
      } else {
        backlog.append(frames: SharedBytes(copying: Self.frame(.binary, payload).span))
      }
    }
    // Of frames that stand behind each other the account knows each byte.
    #expect(backlog.heldByteCount >= backlog.byteCount)
    #expect(backlog.heldByteCount <= backlog.limitedByteCount * 13 / 10)
    if byteCount <= Backlog.maximumGatheredPayloadByteCount {
      #expect(backlog.heldByteCount <= (1 << 20) * 11 / 10)
    }
  }

  @Test("A control frame goes behind the frame in flight, and before all others, RFC 6455 §5.4")
  func overtakes() throws {
    let frames = (0..<3).map { Self.frame(.binary, Array(repeating: UInt8($0), count: 300)) }
    let rest = Array(try frames.at(0)[100...])
    let others = frames.dropFirst().flatMap { $0 }
    let pong = Self.frame(.pong, [1, 2])
    let pair = try Pair()
    var backlog = Backlog()
    backlog.append(
      frames: SharedBytes(copying: (rest + others).span), leftOfFirst: rest.count)
    let isQueued = backlog.append(control: pong)
    #expect(isQueued)
    _ = backlog.flush(to: pair.writer.number)
    #expect(backlog.isEmpty)
    #expect(pair.read(atMost: 4096) == rest + pong + others)
  }

  @Test("Control frames that wait are bounded, RFC 6455 §5.5.3")
  func controlBound() {
    var backlog = Backlog()
    let pong = Self.frame(.pong, pattern(125))
    var count = 0
    while backlog.append(control: pong) { count += 1 }
    #expect(count == Backlog.maximumControlByteCount / pong.count)
  }

  @Test("A failed connection is told")
  func failure() throws {
    let (writer, reader) = try Socket.pair()
    let owned = OwnedDescriptor(owning: writer)
    Syscalls.close(reader)
    var backlog = Backlog()
    backlog.append(frames: SharedBytes(copying: Self.frame(.text, [65]).span))
    #expect(backlog.flush(to: owned.number).hasFailed)
  }

  /// How long this thread has had a processor: a clock goes on while the thread stands still.
  static func processorTime() -> Duration {
    var time = timespec()
    _ = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Duration.seconds(time.tv_sec) + Duration.nanoseconds(time.tv_nsec)
  }

  @Test("A very long queue drains in time that grows with its length, not with its square")
  func longQueue() throws {
    let pair = try Pair()
    var large: Int32 = 1 << 20
    _ = setsockopt(
      pair.writer.number, SOL_SOCKET, SO_SNDBUF, &large, socklen_t(MemoryLayout<Int32>.size))
    // Each has a place in the queue: smaller ones are copied behind each other.
    let payload = pattern(Backlog.maximumGatheredFrameByteCount)
    let frame = SharedBytes(copying: Self.frame(.binary, payload).span)
    func drain(_ count: Int) -> Duration {
      var backlog = Backlog()
      for _ in 0..<count { backlog.append(frames: frame) }
      let start = Self.processorTime()
      while !backlog.isEmpty {
        _ = backlog.flush(to: pair.writer.number)
        while !pair.read(atMost: 1 << 20).isEmpty {}
      }
      return Self.processorTime() - start
    }
    let short = drain(5000)
    let long = drain(80_000)
    #expect(long < short * 64, "16 times the frames took \(long / short) times as long")
  }
}
