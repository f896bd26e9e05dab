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
    case open
    case closing
  }

  let habit: DemoHabit
  private unowned let crowd: DemoCrowd
  /// Whether its input is not read until its next act.
  private var isLookingAway = false
  private var phase: Phase = .resting
  private var connection: OwnedDescriptor?
  private var registration: Reactor.Registration?
  private var receiver = FrameReceiver(role: .client, maximumMessageByteCount: 64 << 20)
  private var opening: ClientOpening?
  private var compression: MessageCompression?
  private var unconsumed: [UInt8] = []
  private var output: [UInt8] = []
  private var actCount = 0
  private var nextAct = Instant(nanoseconds: 0)

  init(_ habit: DemoHabit, in crowd: DemoCrowd) {
    self.habit = habit
    self.crowd = crowd
  }

  // MARK: Acts of habits

  func send(_ text: String) { send(Array(text.utf8), as: .text) }

  func send(_ payload: [UInt8], as opcode: Opcode) {
    guard phase == .open else { return }
    if let compression, !opcode.isControl {
      compression.deflate(payload.span) { append($0, as: opcode, isCompressed: $1) }
    } else {
      append(payload.span, as: opcode, isCompressed: false)
    }
    flush()
  }

  private func append(_ payload: Span<UInt8>, as opcode: Opcode, isCompressed: Bool) {
    FrameEncoder.append(
      opcode, rsv1: isCompressed, payload: payload, maskingKey: crowd.random(), to: &output)
  }

  func close(_ code: CloseCode?, reason: String = "") {
    guard phase == .open else { return }
    FrameEncoder.appendClose(code, reason: reason, maskingKey: crowd.random(), to: &output)
    phase = .closing
    flush()
    wait(.seconds(5))
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
    receiver = FrameReceiver(role: .client, maximumMessageByteCount: 64 << 20)
    compression = nil
    unconsumed = []
    actCount = 0
    phase = .handshaking
    var headers = Headers()
    _ = headers.append(name: "User-Agent", value: habit.userAgent)
    let opening = crowd.opening(
      to: habit.path, headers,
      extensions: habit.compresses ? [PermessageDeflate.offer(.dedicated)].compactMap(\.self) : [])
    output = opening.request
    self.opening = opening
    wait(.seconds(5))
  }

  private func rest() {
    guard phase != .resting else { return }
    phase = .resting
    if let registration { crowd.reactor.unregister(registration) }
    registration = nil
    connection = nil
    output = []
    crowd.wake(self, in: .milliseconds(crowd.random(in: 500...4000)))
  }

  /// Does whatever was due: connects again, acts, or gives up waiting.
  func wakeUp() {
    switch phase {
    case .resting: connect()
    case .open where crowd.reactor.now >= nextAct:
      if isLookingAway { lookAway(false) }
      let pause = habit.act(self, actCount: actCount, crowd)
      actCount += 1
      if phase == .open { wait(pause) }
    case .open: wait(crowd.reactor.now.duration(to: nextAct))
    case .handshaking, .closing:
      if crowd.reactor.now >= nextAct { rest() }
    }
  }

  private func wait(_ duration: Duration) {
    nextAct = crowd.reactor.now.advanced(by: duration)
    if let registration { crowd.reactor.setDeadline(nextAct, for: registration) }
  }

  private func flush() {
    guard let descriptor = connection?.number, let registration, !output.isEmpty else { return }
    switch Syscalls.send(descriptor, output.span) {
    case .bytes(let count): output.removeFirst(count)
    case .wouldBlock: break
    case .failed: return rest()
    }
    updateInterest(registration, descriptor)
  }

  private func lookAway(_ isLookingAway: Bool) {
    self.isLookingAway = isLookingAway
    guard let descriptor = connection?.number, let registration else { return }
    updateInterest(registration, descriptor)
  }

  private func updateInterest(_ registration: Reactor.Registration, _ descriptor: Int32) {
    var interest: Interest = isLookingAway ? [] : .readable
    if !output.isEmpty { interest.insert(.writable) }
    try? crowd.reactor.change(registration, descriptor: descriptor, to: interest)
  }

  private func receive() {
    guard let descriptor = connection?.number, !isLookingAway else { return }
    if habit.readsSlowly, phase == .open { lookAway(true) }
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
        if let parameters = agreement.deflate { compress(parameters) }
      }
      phase = .open
      wait(.milliseconds(crowd.random(in: 50...1500)))
    }
    crowd.input.withBytes { bytes in
      while let event = receiver.next(in: &bytes, from: &cursor, upTo: end) {
        switch event {
        case .ping(let range): send(Array(copying: bytes.span.extracting(range)), as: .pong)
        case .assembledMessage: _ = receiver.takeMessage()
        case .close(let code, let reason): answerClose(code, reason)
        case .message, .pong, .violation: break
        }
      }
    }
    unconsumed = cursor < end ? crowd.input.array(of: cursor..<end) : []
  }

  private func compress(_ parameters: DeflateParameters) {
    let compression = MessageCompression(parameters, role: .client, streams: crowd.streams)
    receiver = FrameReceiver(
      role: .client, maximumMessageByteCount: 64 << 20, compression: compression)
    self.compression = compression
  }

  private func answerClose(_ code: CloseCode?, _ reason: String) {
    if phase == .open { close(code, reason: reason) }
    phase = .closing
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
