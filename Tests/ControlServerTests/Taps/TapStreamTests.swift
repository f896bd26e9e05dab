import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("The batches of a tap")
struct TapStreamTests {
  private let now = Instant(nanoseconds: 5_000_000_000)

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
    while batches.count < 10, let json = stream.batch(now: now) {
      batches.append(try ControlJSON.decode(TapBatch.self, from: json))
    }
    #expect(batches.map(\.messages.count) == [200, 200, 50])
    #expect(batches.flatMap(\.messages).map(\.bytes) == Array(0..<count))
    #expect(stream.shownCount == count && stream.skippedCount == 0)
  }
}
