import EventLoop
import Histogram
import Testing
import Vocabulary

@testable import LoadGenerator
@testable import WebSocketProtocol

/// A session with a server in memory; time is what the test says.
final class SessionPair {
  var plan: LoadPlan
  var surroundings = LoadSession.Surroundings(isSending: true, pacing: nil)
  var tally = LoadTally()
  /// Messages that the server got.
  private(set) var received: [[UInt8]] = []
  private(set) var pongs: [[UInt8]] = []
  private(set) var closeCode: CloseCode?
  private let session: UncheckedConfined<LoadSession>
  private var server = FrameReceiver(role: .server, maximumMessageByteCount: 1 << 30)
  private var request: [UInt8] = []
  private var unread: [UInt8] = []
  private var unconsumed: [UInt8] = []

  init(_ change: (inout LoadPlan) -> Void = { _ in }) throws {
    plan = try LoadFixture.plan(change)
    tally.measured = LoadFixture.at(0)..<LoadFixture.at(1_000_000)
    let opening = ClientOpening(host: "h", target: "/")
    session = UncheckedConfined(LoadSession(opening: opening, number: 0, seed: 42, pace: plan.pace))
  }

  func with<Value>(_ body: (inout LoadSession) -> Value) -> Value { session.change(body) }

  /// Sends what the session wants to send, at most so many bytes a call, and lets the server read.
  func send(at milliseconds: Int, pieceByteCount: Int = 1 << 16, callCount: Int = .max) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var calls = 0
    while calls < callCount {
      var span = buffer.mutableSpan
      let count = with { $0.fill(&span, from: plan.payload) }
      guard count > 0 else { return }
      let sent = min(count, pieceByteCount)
      with {
        $0.sent(sent, at: LoadFixture.at(milliseconds), of: plan.payload, surroundings, &tally)
      }
      serve(Array(buffer[..<sent]))
      calls += 1
    }
  }

  private func serve(_ bytes: [UInt8]) {
    guard with({ $0.phase }) != .opening else { return request += bytes }
    unread += bytes
    var cursor = 0
    let end = unread.count
    var span = unread.mutableSpan
    while let event = server.next(in: &span, from: &cursor, upTo: end) {
      switch event {
      case .message(_, let range): received.append(Array(copying: span.span.extracting(range)))
      case .assembledMessage:
        let message = server.takeMessage()
        received.append(message.withSpan { Array(copying: $0) })
      case .pong(let range): pongs.append(Array(copying: span.span.extracting(range)))
      case .close(let code, _): closeCode = code
      case .part, .ping, .violation: Issue.record("the client sent \(event)")
      }
    }
    unread.removeFirst(cursor)
  }

  /// Lets the session receive what the server says.
  @discardableResult
  func receive(_ bytes: [UInt8], at milliseconds: Int) -> LoadSession.Reception {
    let all = unconsumed + bytes
    let reception = with {
      $0.receive(all.span, at: LoadFixture.at(milliseconds), plan, surroundings, &tally)
    }
    unconsumed = Array(all.dropFirst(reception.consumedByteCount))
    return reception
  }

  /// The server's answer to the request.
  var answer: [UInt8] {
    let text = String(decoding: request, as: UTF8.self)
    let line = text.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") } ?? ""
    let accept = AcceptKey.make(for: String(line.dropFirst(19)))
    return Array(
      ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: \(accept)\r\n\r\n").utf8)
  }

  /// Opens the session, and lets its window go.
  func open(at milliseconds: Int) {
    send(at: milliseconds)
    receive(answer, at: milliseconds)
    with { $0.allowWindow(plan) }
  }

  static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameEncoder.append(opcode, payload: payload.span, maskingKey: nil, to: &bytes)
    return bytes
  }

  /// Lets the server echo a message that it got.
  func echo(_ number: Int, at milliseconds: Int) {
    receive(Self.frame(plan.payload.kind.opcode, received[number]), at: milliseconds)
  }

  /// The reply times that were recorded, in milliseconds.
  var replyMilliseconds: [Int] {
    tally.latencies.histogram.recordedValues().flatMap { value in
      Array(
        repeating: Int((Double(value.value) / 1e6).rounded()), count: Int(value.count))
    }
  }
}
