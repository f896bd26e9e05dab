import EventLoop
import Vocabulary
import WebSocketProtocol

/// A synthetic client: it connects, behaves by its habit, ends and connects again.
///
/// Confined to the thread of its crowd.
final class DemoClient {
  private enum Phase {
    case resting
    case handshaking
    case conversing
  }

  /// The limits of its side: the longest stream that a habit asks for fits.
  private static let limits = Conversation.Limits(
    messageByteCount: 64 << 20, outputByteCount: 8 << 20)

  let habit: DemoHabit
  private unowned let crowd: DemoCrowd
  /// Whether its input is not read until its next act.
  private var isLookingAway = false
  private var phase: Phase = .resting
  private var connection: OwnedDescriptor?
  private var registration: Reactor.Registration?
  private var opening: ClientOpening?
  /// The bytes of the opening handshake that have yet to be sent.
  private var request: [UInt8] = []
  private var conversation: Conversation
  private var unconsumed: [UInt8] = []
  private var actCount = 0
  private var nextAct = Instant(nanoseconds: 0)

  init(_ habit: DemoHabit, in crowd: DemoCrowd) {
    self.habit = habit
    self.crowd = crowd
    conversation = Self.conversation(in: crowd)
  }

  private static func conversation(
    in crowd: DemoCrowd, _ compression: MessageCompression? = nil
  ) -> Conversation {
    Conversation(
      .client { [unowned crowd] in crowd.random() }, limits: limits, compression: compression)
  }

  // MARK: Acts of habits

  func send(_ text: String) { send(Array(text.utf8), as: .text) }

  func send(_ payload: [UInt8], as kind: MessageKind) {
    guard phase == .conversing else { return }
    conversation.send(payload.span, as: kind)
    settle()
  }

  /// Sends a frame that continues nothing.
  func sendStrayContinuation(_ payload: [UInt8]) {
    guard phase == .conversing else { return }
    conversation.sendFrame(.continuation, isFinal: true, payload: payload.span)
    settle()
  }

  func close(_ code: CloseCode?, reason: String = "") {
    guard phase == .conversing else { return }
    conversation.close(code, reason: reason, now: crowd.reactor.now)
    settle()
  }

  /// Cuts the connection without a close frame.
  func vanish() { rest() }

  // MARK: Its life

  /// Connects.
  func connect() {
    guard let descriptor = try? Socket.connect(to: crowd.address) else {
      return crowd.wake(self, in: .seconds(2))
    }
    connection = OwnedDescriptor(owning: descriptor)
    registration = try? crowd.reactor.register(
      self, descriptor: descriptor, for: [.readable, .writable])
    unconsumed = []
    isLookingAway = false
    actCount = 0
    phase = .handshaking
    var headers = Headers()
    _ = headers.append(name: "User-Agent", value: habit.userAgent)
    let opening = crowd.opening(
      to: habit.path, headers,
      extensions: habit.compresses ? [PermessageDeflate.offer(.dedicated)].compactMap(\.self) : [])
    request = opening.request
    self.opening = opening
    wait(.seconds(5))
  }

  private func rest() {
    guard phase != .resting else { return }
    phase = .resting
    if let registration { crowd.reactor.unregister(registration) }
    registration = nil
    connection = nil
    conversation = Self.conversation(in: crowd)
    unconsumed = []
    crowd.wake(self, in: .milliseconds(crowd.random(in: 500...4000)))
  }

  /// Does whatever was due: connects again, acts, or gives up waiting.
  func wakeUp() {
    switch phase {
    case .resting: connect()
    case .handshaking: if crowd.reactor.now >= nextAct { rest() }
    case .conversing where conversation.isOpen:
      guard crowd.reactor.now >= nextAct else {
        return wait(crowd.reactor.now.duration(to: nextAct))
      }
      if isLookingAway { lookAway(false) }
      let pause = habit.act(self, actCount: actCount, crowd)
      actCount += 1
      if phase == .conversing, conversation.isOpen { wait(pause) }
    case .conversing:
      conversation.tick(now: crowd.reactor.now)
      settle()
    }
  }

  private func wait(_ duration: Duration) {
    nextAct = crowd.reactor.now.advanced(by: duration)
    if let registration { crowd.reactor.setDeadline(nextAct, for: registration) }
  }

  /// Does what the conversation wants after it was told something.
  private func settle() {
    flush()
    guard phase == .conversing else { return }
    if conversation.phase == .ended { return rest() }
    guard let deadline = conversation.deadline, let registration else { return }
    // The end of the stream is in what it would not read.
    if isLookingAway { lookAway(false) }
    crowd.reactor.setDeadline(deadline, for: registration)
  }

  private func flush() {
    guard let descriptor = connection?.number, let registration else { return }
    var isBroken = false
    func send(_ bytes: Span<UInt8>) -> Int {
      switch Syscalls.send(descriptor, bytes) {
      case .bytes(let count): return count
      case .wouldBlock: return 0
      case .failed:
        isBroken = true
        return 0
      }
    }
    if !request.isEmpty { request.removeFirst(send(request.span)) }
    if request.isEmpty, !isBroken { conversation.flush(now: crowd.reactor.now, send) }
    if isBroken { rest() } else { updateInterest(registration, descriptor) }
  }

  private func lookAway(_ isLookingAway: Bool) {
    self.isLookingAway = isLookingAway
    guard let descriptor = connection?.number, let registration else { return }
    updateInterest(registration, descriptor)
  }

  private func updateInterest(_ registration: Reactor.Registration, _ descriptor: Int32) {
    var interest: Interest = isLookingAway ? [] : .readable
    if !request.isEmpty || conversation.outputByteCount > 0 { interest.insert(.writable) }
    try? crowd.reactor.change(registration, descriptor: descriptor, to: interest)
  }

  private func receive() {
    guard let descriptor = connection?.number, !isLookingAway else { return }
    if habit.readsSlowly, phase == .conversing, conversation.isOpen { lookAway(true) }
    let kept = unconsumed.count
    crowd.input.copy(unconsumed.span, to: 0)
    let result = crowd.input.withBytes { Syscalls.receive(descriptor, into: &$0, from: kept) }
    switch result {
    case .bytes(let count): consume(upTo: kept + count)
    case .wouldBlock: break
    case .endOfStream, .failed: rest()
    }
  }

  private func consume(upTo end: Int) {
    var cursor = 0
    if phase == .handshaking {
      switch crowd.input.withSpan({ opening?.receive($0.extracting(0..<end)) ?? .malformed }) {
      case .incomplete:
        unconsumed = crowd.input.array(of: 0..<end)
        return
      case .refused, .malformed: return rest()
      case .open(let agreement, let byteCount):
        cursor = byteCount
        if let parameters = agreement.deflate {
          conversation = Self.conversation(
            in: crowd,
            MessageCompression(parameters, role: .client, streams: crowd.streams))
        }
      }
      opening = nil
      phase = .conversing
      wait(.milliseconds(crowd.random(in: 50...1500)))
    }
    let now = crowd.reactor.now
    crowd.input.withBytes { bytes in
      // A synthetic client has nothing to do with what it gets.
      while conversation.next(in: &bytes, from: &cursor, upTo: end, now: now) != nil {}
    }
    unconsumed = cursor < end ? crowd.input.array(of: cursor..<end) : []
    settle()
  }
}

extension DemoClient: ReactorHandler {
  func handle(_ readiness: Readiness) {
    if readiness.wantsWrite { flush() }
    if phase != .resting { receive() }
  }

  func handleDeadline() { wakeUp() }
}

@available(*, unavailable)
extension DemoClient: Sendable {}
