import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// A conversation with what it has reported and sent, and what it promises at every step.
struct Side: ~Copyable {
  var conversation: Conversation
  private let role: Role
  private let limits: Conversation.Limits
  private let isInPlace: Bool
  /// Messages, close frames and violations; not control frames, of which whole messages know
  /// nothing.
  private(set) var reported: [Received.Item] = []
  private(set) var output: [UInt8] = []
  private var pings: [[UInt8]] = []
  private var now = Instant(nanoseconds: 0)
  private var rest: [UInt8] = []
  private var hasStreamEnded = false

  init(_ role: Role, _ limits: Conversation.Limits, isInPlace: Bool) {
    self.role = role
    self.limits = limits
    self.isInPlace = isInPlace
    var key: UInt32 = 0
    conversation = Conversation(
      role == .server
        ? .server
        : .client {
          key &+= 0x0101_0101
          return key
        },
      limits: limits)
  }

  mutating func perform(_ step: Step) {
    let before = conversation.phase
    switch step {
    case .receive(let bytes): if !hasStreamEnded { receive(bytes) }
    case .send(let payload, let kind):
      let isAdded = conversation.send(payload.span, as: kind)
      promise(!isAdded || before == .open, "a message was added while \(before)")
    case .sendFrame(let payload):
      let isAdded = conversation.sendFrame(.binary, isFinal: true, payload: payload.span)
      promise(!isAdded || before == .open, "a frame was added while \(before)")
    case .flush(let count):
      var room = count
      var taken: [UInt8] = []
      conversation.flush(now: now) { bytes in
        let count = min(room, bytes.count)
        for index in 0..<count { taken.append(bytes[index]) }
        room -= count
        return count
      }
      output += taken
    case .take: output += conversation.takeOutput(now: now)
    case .close(let code): conversation.close(code, reason: "reason", now: now)
    case .wait(let duration):
      now = now.advanced(by: duration)
      conversation.tick(now: now)
    case .endStream:
      conversation.streamEnded()
      hasStreamEnded = true
    }
    check(since: before)
  }

  private func check(since before: Conversation.Phase) {
    let phase = conversation.phase
    promise(Self.place(before) <= Self.place(phase), "\(phase) came after \(before)")
    switch phase {
    case .open: promise(conversation.deadline == nil, "an open connection has a deadline")
    case .closing, .ending:
      guard let deadline = conversation.deadline else {
        return promise(false, "nothing ends the wait while \(phase)")
      }
      promise(deadline <= now.advanced(by: limits.closeTimeout), "the deadline is too late")
    case .ended:
      promise(conversation.deadline == nil, "a deadline stands after the end")
      promise(conversation.outputByteCount == 0, "output is left after the end")
    }
    promise(conversation.endsFirst == (role == .server && phase == .ending), "who ends first")
    // 4 KiB of pongs, and the last one with the close frame.
    let most = limits.outputByteCount.addingReportingOverflow(4096 + 2 * 131)
    promise(
      most.overflow || conversation.outputByteCount <= most.partialValue,
      "\(conversation.outputByteCount) bytes wait")
  }

  private static func place(_ phase: Conversation.Phase) -> Int {
    switch phase {
    case .open: 0
    case .closing: 1
    case .ending: 2
    case .ended: 3
    }
  }

  private mutating func receive(_ input: [UInt8]) {
    guard isInPlace else {
      for received in conversation.receive(input.span, now: now) {
        switch received {
        case .message(let kind, let payload): reported.append(.message(kind, payload))
        case .close(let code, let reason): reported.append(.close(code, reason))
        case .violation(let violation): reported.append(.violation(violation))
        }
      }
      return
    }
    var bytes = rest + input
    let end = bytes.count
    var cursor = 0
    var span = bytes.mutableSpan
    while let event = conversation.next(in: &span, from: &cursor, upTo: end, now: now) {
      switch event {
      case .part: promise(false, "a part that nobody asked for")
      case .message(let kind, let range):
        reported.append(.message(kind, range.map { span[$0] }))
      case .assembledMessage(let kind):
        let message = conversation.takeMessage()
        reported.append(.message(kind, message.withSpan { span in span.indices.map { span[$0] } }))
      case .ping(let range): if conversation.isOpen { pings.append(range.map { span[$0] }) }
      case .pong: break
      case .close(let code, let reason): reported.append(.close(code, reason))
      case .violation(let violation): reported.append(.violation(violation))
      }
    }
    rest = Array(bytes[cursor...])
    promise(rest.count <= 139, "\(rest.count) bytes left to the caller")
  }

  /// Takes the rest of the output, and reads all of it as the peer does.
  mutating func finish() {
    output += conversation.takeOutput(now: now)
    let far: Role = role == .server ? .client : .server
    var frames = FrameReceiver(role: far, maximumMessageByteCount: .max)
    var bytes = output
    let end = bytes.count
    var cursor = 0
    var unanswered = pings[...]
    var hasClosed = false
    var span = bytes.mutableSpan
    while let event = frames.next(in: &span, from: &cursor, upTo: end) {
      switch event {
      case .message, .assembledMessage, .part: break
      case .ping: promise(false, "it pings")
      case .pong(let range):
        let payload = range.map { span[$0] }
        // Pings in place alone are known: both sides' output is compared.
        guard isInPlace else { continue }
        guard let index = unanswered.firstIndex(of: payload) else {
          return promise(false, "a pong answers no ping, or one before the last that was answered")
        }
        unanswered = unanswered[(index + 1)...]
      case .close:
        promise(cursor == end, "something follows the close frame")
        hasClosed = true
      case .violation(let violation): promise(false, "it sends what is wrong: \(violation)")
      }
    }
    // Output that was dropped at the end may have been cut inside a frame.
    promise(
      conversation.phase == .ended
        || frames.receiveEndOfStream(unconsumedByteCount: end - cursor) != .insideFrame,
      "the output ends in a frame")
    if hasClosed { promise(!conversation.isOpen, "it goes on after its close frame") }
  }
}
