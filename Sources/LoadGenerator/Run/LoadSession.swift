import Vocabulary
import WebSocketProtocol

/// One connection's protocol, from the opening handshake to the closing one.
///
/// It does no I/O and reads no clock: bytes and instants come in, bytes and results go out. It
/// belongs to the thread of its connection.
struct LoadSession: ~Copyable {
  /// The phase of a session.
  enum Phase {
    /// The answer to the handshake has not come.
    case opening
    /// Messages go both ways.
    case open
    /// A close frame was sent, or waits to be; nothing else is sent any more.
    case closing
  }

  /// The outcome of receiving bytes.
  struct Reception {
    /// How many of them are consumed; the others are to be presented again, in front of the next.
    var consumedByteCount = 0
    /// Whether the handshake was completed by them.
    var didOpen = false
    /// Whether the server has agreed to compress.
    var isCompressed = false
    /// The failure for which the connection is of no more use.
    var failure: LoadFailure?
  }

  /// The state outside that a session needs for each message.
  struct Surroundings {
    /// Whether new messages may still be sent.
    var isSending = false
    /// The schedule of paced mode.
    var pacing: PacedSchedule?
    /// The inflater of compressed messages, for all sessions of the thread.
    var inflater: Inflater?
  }

  /// The most bytes of pongs that wait; further pings are not answered until they have gone.
  static let maximumPendingByteCount = 4096

  private(set) var phase = Phase.opening
  /// The end of the connection: set once a close frame came or was sent.
  private(set) var close: LoadClose?
  /// How many messages have been answered.
  private(set) var repliedCount = 0
  /// How many messages may have been sent by now.
  private(set) var allowedCount = 0
  private var opening: ClientOpening?
  private var stream: FrameStream
  private var reader = EchoReader()
  /// The request, pongs and the close frame: the output between two messages.
  private var pending: [UInt8] = []
  private var pendingSentCount = 0
  /// The last output of `fill`: its size, and its place in the stream, or nil for pending bytes.
  private var filled: (byteCount: Int, position: FrameStream.Position?) = (0, nil)
  /// The times at which messages in flight were sent, by their number modulo the window.
  private var sendTimes: [Int64]
  private let number: Int

  /// A session before its handshake.
  ///
  /// - Parameters:
  ///   - number: the connection's place among those that take turns in paced mode.
  ///   - seed: the seed that its messages are made from.
  init(opening: ClientOpening, number: Int, seed: UInt64, pace: LoadPlan.Pace) {
    pending = opening.request
    self.opening = opening
    self.number = number
    stream = FrameStream(seed: seed)
    sendTimes = if case .window(let count) = pace { Array(repeating: 0, count: count) } else { [] }
  }

  /// Messages that were begun and not answered.
  var outstandingCount: Int { stream.position.begunCount - repliedCount }

  /// Whether there is anything to send.
  var hasOutput: Bool {
    pendingSentCount < pending.count || phase != .opening && stream.position.message < allowedCount
  }

  /// Messages that have been sent whole.
  var sentCount: Int { stream.position.message }

  // MARK: Messages that may go

  /// Lets one more message go, in paced mode.
  mutating func allowOne() {
    allowedCount += 1
  }

  /// Lets those messages go that the window has room for, in a closed loop; none on a connection
  /// that is only to stay idle.
  mutating func allowWindow(_ plan: borrowing LoadPlan) {
    guard phase == .open, number < plan.activeCount, case .window(let window) = plan.pace else {
      return
    }
    // Without replies nothing but the connection itself slows the messages down.
    let room = plan.replies == .none ? Int.max : repliedCount + window
    allowedCount = min(room, plan.reconnectAfter ?? .max)
  }

  /// Lets no message go that has not been begun.
  mutating func stopSending() {
    allowedCount = min(allowedCount, stream.position.begunCount)
  }

  /// Begins the closing handshake (RFC 6455 §7.1.2); a message under way is sent to its end first.
  mutating func close(_ code: CloseCode) {
    guard phase == .open else { return }
    close = LoadClose(code: .abnormalClosure, by: .client)
    sendClose(code)
  }

  private mutating func sendClose(_ code: CloseCode?, reason: String = "") {
    phase = .closing
    stopSending()
    FrameEncoder.appendClose(code, reason: reason, maskingKey: controlKey, to: &pending)
  }

  /// A control frame's masking key; see `LoadPayload.message` on why it may be foreseen.
  private var controlKey: UInt32 {
    UInt32(truncatingIfNeeded: stream.seed &>> 16) &+ UInt32(truncatingIfNeeded: repliedCount)
  }

  // MARK: Sending

  /// Writes the next output, as much of it as fits; `sent` must follow.
  mutating func fill(
    _ bytes: inout MutableSpan<UInt8>, from payload: borrowing LoadPayload
  ) -> Int {
    let isPending = pendingSentCount < pending.count
    if isPending, stream.position.offset == 0 {
      let count = min(bytes.count, pending.count - pendingSentCount)
      for index in 0..<count { bytes[index] = pending[pendingSentCount + index] }
      filled = (count, nil)
    } else if phase == .opening {
      filled = (0, nil)
    } else {
      // A control frame may stand between two frames, but not inside one.
      let end = isPending ? stream.position.message + 1 : allowedCount
      let (count, position) = stream.fill(&bytes, until: end, from: payload)
      filled = (count, position)
    }
    return filled.byteCount
  }

  /// Notes how many of the bytes that `fill` wrote were sent, by a call made at `now`.
  mutating func sent(
    _ byteCount: Int, at now: Instant, of payload: borrowing LoadPayload,
    _ surroundings: borrowing Surroundings, _ tally: inout LoadTally
  ) {
    let isMeasured = tally.isMeasured(now)
    if isMeasured { tally.wireSentByteCount += byteCount }
    guard let position = filled.position else {
      pendingSentCount += byteCount
      if pendingSentCount == pending.count {
        pending.removeAll()
        pendingSentCount = 0
      }
      return
    }
    let before = stream.position
    if byteCount == filled.byteCount {
      stream.advance(to: position)
    } else {
      stream.advance(by: byteCount, in: payload)
    }
    if isMeasured { tally.sentCount += stream.position.message - before.message }
    if let pacing = surroundings.pacing {
      for message in before.begunCount..<stream.position.begunCount {
        let due = pacing.due(message, on: number)
        if tally.isMeasured(due) { tally.record(delay: due.duration(to: now)) }
      }
    }
    guard !sendTimes.isEmpty else { return }
    for message in before.begunCount..<stream.position.begunCount {
      sendTimes[message % sendTimes.count] = now.nanoseconds
    }
  }

  // MARK: Receiving

  /// Whether a server refuses since its port speaks TLS: with 400, as many do, and a text that
  /// names it.
  private static func isRefusalForTLS(
    _ failure: ClientHandshake.Failure, _ bytes: Span<UInt8>
  ) -> Bool {
    guard failure == .unexpectedStatus(.badRequest) else { return false }
    let text = String(decoding: (0..<min(bytes.count, 2048)).map { bytes[$0] }, as: UTF8.self)
    return text.contains("TLS") || text.contains("HTTPS")
  }

  /// Whether bytes begin as an alert or a handshake of TLS does (RFC 8446 §5.1).
  private static func isTLSRecord(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3
  }

  /// Takes the input by `now`: the unconsumed bytes of before and new ones behind them.
  mutating func receive(
    _ bytes: Span<UInt8>, at now: Instant, _ plan: borrowing LoadPlan,
    _ surroundings: borrowing Surroundings, _ tally: inout LoadTally
  ) -> Reception {
    var reception = Reception()
    if phase == .opening {
      if Self.isTLSRecord(bytes) {
        reception.failure = .speaksTLS
        return reception
      }
      switch opening?.receive(bytes) ?? .malformed {
      case .incomplete: return reception
      case .malformed:
        reception.failure = .noHTTP
        return reception
      case .refused(let failure):
        reception.failure =
          !plan.url.isSecure && Self.isRefusalForTLS(failure, bytes)
          ? .speaksTLS : LoadFailure(failure)
        return reception
      case .open(let agreement, let byteCount):
        opening = nil
        stream.isCompressing = agreement.deflate != nil
        reception.isCompressed = agreement.deflate != nil
        phase = .open
        reception.didOpen = true
        reception.consumedByteCount = byteCount
      }
    }
    var run = ReplyRun()
    do throws(ProtocolViolation) {
      try receiveFrames(
        bytes, &reception.consumedByteCount, at: now, plan, surroundings, &run, &tally)
    } catch {
      reception.failure = .violation(error.name)
      reception.consumedByteCount = bytes.count
      if phase == .open { sendClose(error.closeCode) }
      close = LoadClose(code: error.closeCode, by: .client)
    }
    run.record(in: &tally)
    if surroundings.isSending { allowWindow(plan) }
    return reception
  }

  private mutating func receiveFrames(
    _ bytes: Span<UInt8>, _ cursor: inout Int, at now: Instant, _ plan: borrowing LoadPlan,
    _ surroundings: borrowing Surroundings, _ run: inout ReplyRun, _ tally: inout LoadTally
  ) throws(ProtocolViolation) {
    let isMeasured = tally.isMeasured(now)
    while true {
      let isAnswer = plan.replies != .none && outstandingCount > 0
      let expected =
        isAnswer && plan.replies == .echo
        ? stream.message(repliedCount, of: plan.payload) : nil
      guard
        let item = try reader.next(
          in: bytes, from: &cursor, expecting: expected, of: plan.payload,
          inflater: stream.isCompressing ? surroundings.inflater : nil)
      else { return }
      switch item {
      case .message(let reply):
        if isMeasured {
          tally.receivedCount += 1
          tally.receivedByteCount += reply.byteCount
        }
        if isAnswer {
          if expected != nil, !reply.isEcho { tally.mismatchCount += 1 }
          let sent = beginning(of: repliedCount, surroundings.pacing)
          repliedCount += 1
          if tally.isMeasured(sent) { run.add(sent.duration(to: now), to: &tally) }
        } else if plan.replies != .none, phase == .open {
          tally.unexpectedCount += 1
        }
      case .ping(let range): sendPong(bytes.extracting(range))
      case .pong: break
      case .close(let code, let reason):
        // "If an endpoint receives a Close frame and did not previously send one, the endpoint MUST
        // send a Close frame in response" (§5.5.1).
        close = LoadClose(code: code ?? .noStatusReceived, by: close?.by ?? .server)
        if phase == .open { sendClose(code, reason: reason) }
        cursor = bytes.count
        return
      }
    }
  }

  /// The instant at which a message was sent, or in paced mode was due.
  private func beginning(of message: Int, _ pacing: PacedSchedule?) -> Instant {
    if let pacing { return pacing.due(message, on: number) }
    return Instant(nanoseconds: sendTimes.isEmpty ? 0 : sendTimes[message % sendTimes.count])
  }

  private mutating func sendPong(_ payload: Span<UInt8>) {
    guard phase == .open, pending.count <= Self.maximumPendingByteCount else { return }
    FrameEncoder.append(.pong, payload: payload, maskingKey: controlKey, to: &pending)
  }

  /// Counts the messages without a reply, with the time that they have waited.
  ///
  /// Left out, the worst replies would be missing from the percentiles.
  mutating func abandonReplies(
    at now: Instant, _ plan: borrowing LoadPlan, _ surroundings: borrowing Surroundings,
    _ tally: inout LoadTally
  ) {
    guard plan.replies != .none else { return }
    let end = surroundings.pacing == nil ? stream.position.begunCount : allowedCount
    for message in repliedCount..<max(repliedCount, end) {
      tally.unansweredCount += 1
      let sent = beginning(of: message, surroundings.pacing)
      if tally.isMeasured(sent) { tally.record(replyTime: sent.duration(to: now)) }
    }
    repliedCount = max(repliedCount, end)
  }
}

@available(*, unavailable)
extension LoadSession: Sendable {}

/// Replies to messages that were sent in one call and came in one: recorded at once.
private struct ReplyRun {
  private var time = Duration.zero
  private var count = 0

  mutating func add(_ time: Duration, to tally: inout LoadTally) {
    if time != self.time {
      record(in: &tally)
      self.time = time
    }
    count += 1
  }

  mutating func record(in tally: inout LoadTally) {
    guard count > 0 else { return }
    tally.record(replyTime: time, count: count)
    count = 0
  }
}
