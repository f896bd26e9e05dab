import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Ledger of closes and refusals")
struct CloseLedgerTests {
  @Test("A new ledger is empty")
  func empty() {
    #expect(CloseLedger().snapshot() == CloseLedger.Snapshot())
  }

  @Test("Closes are counted by code and by the kind of who closed, in order")
  func closes() {
    let ledger = CloseLedger()
    ledger.recordClose(.messageTooBig, by: .limit(.messageBytes))
    ledger.recordClose(.normalClosure, by: .handler)
    ledger.recordClose(.normalClosure, by: .peer)
    ledger.recordClose(.messageTooBig, by: .limit(.backlogBytes))
    ledger.recordClose(.abnormalClosure, by: .network)
    ledger.recordClose(.normalClosure, by: .peer)
    let snapshot = ledger.snapshot()
    #expect(
      snapshot.closes == [
        .init(code: .normalClosure, initiator: .peer, count: 2),
        .init(code: .normalClosure, initiator: .handler, count: 1),
        .init(code: .abnormalClosure, initiator: .network, count: 1),
        .init(code: .messageTooBig, initiator: .limit, count: 2),
      ])
    #expect(snapshot.closeCount == 6)
  }

  @Test("Codes of applications and codes that no table knows are kept apart")
  func unknownCodes() {
    let ledger = CloseLedger()
    for code: UInt16 in [4000, 4001, 4000, 65_535] {
      ledger.recordClose(CloseCode(rawValue: code), by: .peer)
    }
    #expect(ledger.snapshot().closes.map(\.count) == [2, 1, 1])
  }

  @Test("Refusals are counted by reason and status")
  func refusals() {
    let ledger = CloseLedger()
    ledger.recordRefusal("no-route", status: 404)
    ledger.recordRefusal("rejected", status: 403)
    ledger.recordRefusal("rejected", status: 401)
    ledger.recordRefusal("no-route", status: 404)
    #expect(
      ledger.snapshot().refusals == [
        .init(reason: "no-route", status: 404, count: 2),
        .init(reason: "rejected", status: 401, count: 1),
        .init(reason: "rejected", status: 403, count: 1),
      ])
  }

  @Test("Beyond 64 reasons new ones count as other, and those known still count as themselves")
  func boundedReasons() {
    let ledger = CloseLedger()
    for number in 0..<100 { ledger.recordRefusal("reason-\(number)", status: 403) }
    for number in 0..<100 { ledger.recordRefusal("reason-\(number)", status: 403) }
    let snapshot = ledger.snapshot()
    #expect(snapshot.refusals.count == 65)
    #expect(snapshot.refusalCount == 200)
    #expect(snapshot.refusals.first?.reason == "other")
    #expect(snapshot.refusals.first?.count == 72)
    #expect(snapshot.refusals.first { $0.reason == "reason-63" }?.count == 2)
  }

  @Test("No count is lost between threads")
  func concurrent() async {
    let ledger = CloseLedger()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            ledger.recordClose(.goingAway, by: .shutdown)
            ledger.recordRefusal("draining", status: 503)
          }
        }
      }
    }
    #expect(ledger.snapshot().closeCount == 8_000)
    #expect(ledger.snapshot().refusalCount == 8_000)
  }
}
