import Testing

@testable import WebSocketEngine

@Suite("The inbox of an asynchronous handler")
struct InboxTests {
  @Test("Messages come out in their order, and their bytes are counted while they wait")
  func order() {
    var inbox = Inbox()
    for length in 1...3 { _ = inbox.append(.binary(Array(repeating: 0, count: length))) }
    #expect(inbox.byteCount > 6, "their boxes are counted, too")
    for length in 1...3 {
      let taken = inbox.take()
      #expect(taken?.message == .binary(Array(repeating: 0, count: length)))
      #expect(taken?.isEmpty == (length == 3))
    }
    let none = inbox.take()
    #expect(inbox.byteCount == 0 && none == nil)
  }

  @Test("It is full at its count of messages, says so once, and has room again at the half")
  func messageCount() {
    var inbox = Inbox()
    let maximum = Inbox.maximumMessageCount
    let becameFull = (1...(maximum + 5)).map { _ in inbox.append(.text("a")) }
    #expect(becameFull.firstIndex(of: true) == maximum - 1)
    #expect(becameFull.count { $0 } == 1)
    var roomAfter: [Int] = []
    for left in (0..<(maximum + 5)).reversed() where inbox.take()?.hasRoomAgain == true {
      roomAfter.append(left)
    }
    #expect(roomAfter == [maximum / 2])
  }

  @Test("It is full at its bytes, whatever the number of messages")
  func byteCount() {
    var inbox = Inbox()
    let half = Array(repeating: UInt8(0), count: Inbox.maximumByteCount / 2 - 96)
    let becameFull = [inbox.append(.binary(half)), inbox.append(.binary(half))]
    #expect(becameFull == [false, true])
    let taken = inbox.take()
    #expect(taken?.hasRoomAgain == true)
  }

  @Test("After so many messages sent in a row others are due")
  func yielding() {
    var inbox = Inbox()
    let due = (1...(2 * Inbox.maximumSendCount)).map { _ in inbox.mustYield() }
    #expect(due.indices.filter { due[$0] } == [Inbox.maximumSendCount - 1, due.count - 1])
  }
}
