import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import ControlServer
@testable import WebSocketEngine

@Suite("The batches of a tap")
struct TapStreamTests {
  private let now = Instant(nanoseconds: 5_000_000_000)

  /// The batch that a frame has.
  private func batch(_ frame: [UInt8]) throws -> TapBatch {
    var bytes = frame
    var cursor = 0
    var frames = FrameReceiver(role: .client, maximumMessageByteCount: 1 << 20)
    var span = bytes.mutableSpan
    let event = frames.next(in: &span, from: &cursor, upTo: frame.count)
    guard case .message(.text, let range)? = event else { throw NoBatch() }
    return try ControlJSON.decode(TapBatch.self, from: bytes[range])
  }

  private struct NoBatch: Error {}

  @Test("What waits comes in its order, each once, so many at a time")
  func order() throws {
    let tap = Tap(maximumPerSecond: 10_000)
    let count = 2 * TapStream.maximumBatchCount + 50
    for number in 0..<count {
      tap.offer(at: now) {
        TappedMessage(
          session: SessionID(sequence: 1, reactor: 0), direction: .in, kind: .binary,
          byteCount: number, at: 0, payload: [])
      }
    }
    let stream = TapStream(TapRequest(.filter("")), tap, filter: SessionFilter(), now: now)
    var batches: [TapBatch] = []
    while batches.count < 10, let frame = stream.frame(now: now) {
      batches.append(try batch(frame))
    }
    #expect(batches.map(\.messages.count) == [200, 200, 50])
    #expect(batches.flatMap(\.messages).map(\.bytes) == Array(0..<count))
    #expect(stream.shownCount == count && stream.skippedCount == 0)
  }
}
