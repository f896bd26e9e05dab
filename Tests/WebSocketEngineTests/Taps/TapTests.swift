import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("The queue of a tap")
struct TapTests {
  private let start = Instant(nanoseconds: 5_000_000_000)

  private func message(_ byteCount: Int = 3) -> TappedMessage {
    TappedMessage(
      session: SessionID(sequence: 1, reactor: 0), direction: .in, kind: .text,
      byteCount: byteCount, at: 0,
      payload: [UInt8](repeating: 0x61, count: min(byteCount, Tap.maximumPayloadByteCount)))
  }

  private func admits(_ criteria: TapCriteria, _ payload: [UInt8]) -> Bool {
    criteria.admit(.in, .text, byteCount: payload.count, payload: payload.span)
  }

  @Test("Messages come out in their order, each once")
  func order() {
    let tap = Tap(maximumPerSecond: 1000)
    for size in 1...5 { tap.offer(at: start) { message(size) } }
    #expect(tap.takeAll().messages.map(\.byteCount) == [1, 2, 3, 4, 5])
    #expect(tap.takeAll().messages.isEmpty)
  }

  @Test("A second brings as many as its bound, and the next message says how many were skipped")
  func rate() {
    let tap = Tap(maximumPerSecond: 10)
    for _ in 0..<25 { tap.offer(at: start) { message() } }
    let (messages, skippedCount) = tap.takeAll()
    #expect(messages.count == 10 && skippedCount == 15)
    tap.offer(at: start.advanced(by: .milliseconds(999))) { message() }
    tap.offer(at: start.advanced(by: .seconds(1))) { message() }
    let later = tap.takeAll()
    #expect(later.messages.map(\.skippedCount) == [1] && later.skippedCount == 0)
  }

  @Test("It holds so many messages and no more, until they are taken")
  func count() {
    let tap = Tap(maximumPerSecond: 1_000_000)
    for _ in 0..<(Tap.maximumCount + 7) { tap.offer(at: start) { message() } }
    let (messages, skippedCount) = tap.takeAll()
    #expect(messages.count == Tap.maximumCount && skippedCount == 7)
    tap.offer(at: start) { message() }
    #expect(tap.takeAll().messages.count == 1)
  }

  @Test("It holds so many bytes and no more")
  func bytes() {
    let tap = Tap(maximumPerSecond: 1_000_000)
    let most = Tap.maximumByteCount / Tap.maximumPayloadByteCount
    for _ in 0..<(most + 3) { tap.offer(at: start) { message(1 << 20) } }
    let (messages, skippedCount) = tap.takeAll()
    #expect(messages.count == most && skippedCount == 3)
  }

  @Test(
    "Criteria look at direction, kind, size and text, whatever its case",
    arguments: [
      (TapCriteria(), true), (TapCriteria(direction: .in), true),
      (TapCriteria(direction: .out), false), (TapCriteria(kinds: [.text, .close]), true),
      (TapCriteria(kinds: [.binary]), false), (TapCriteria(kinds: []), false),
      (TapCriteria(sizes: 11...11), true), (TapCriteria(sizes: 12...(.max)), false),
      (TapCriteria(sizes: 0...10), false), (TapCriteria(text: "WORLD"), true),
      (TapCriteria(text: "hello world"), true), (TapCriteria(text: "hello world!"), false),
      (TapCriteria(text: "worlds"), false),
      (TapCriteria(text: "WORLD", isTextNegated: true), false),
      (TapCriteria(text: "worlds", isTextNegated: true), true),
      (TapCriteria(text: "hello world!", isTextNegated: true), true),
      (TapCriteria(sizes: 0...10, text: "worlds", isTextNegated: true), false),
      (TapCriteria(text: "", isTextNegated: true), true),
    ])
  func criteria(_ criteria: TapCriteria, _ isAdmitted: Bool) {
    let payload = Array("Hello wOrld".utf8)
    #expect(admits(criteria, payload) == isAdmitted)
  }

  @Test("A text is looked for in what is kept of a payload")
  func textBeyond() {
    var payload = [UInt8](repeating: 0x20, count: Tap.maximumPayloadByteCount)
    payload += Array("needle".utf8)
    let criteria = TapCriteria(text: "needle")
    #expect(!admits(criteria, payload))
    #expect(admits(criteria, Array(payload.dropFirst(6))))
  }
}
