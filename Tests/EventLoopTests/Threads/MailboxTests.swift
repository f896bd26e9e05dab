import Synchronization
import TestSupport
import Testing

@testable import EventLoop

@Suite("Mailbox", .limited, .timeLimit(.minutes(10)))
struct MailboxTests {
  @Test("What was posted comes out once, in order")
  func order() throws {
    let mailbox = try Mailbox<Int>()
    #expect(mailbox.isEmpty)
    #expect(mailbox.takeAll().isEmpty)
    for number in 0..<10 { #expect(mailbox.post(number)) }
    #expect(!mailbox.isEmpty)
    #expect(mailbox.takeAll() == Array(0..<10))
    #expect(mailbox.isEmpty)
  }

  @Test("Beyond its bound a message is refused")
  func bound() throws {
    let mailbox = try Mailbox<Int>(maximumCount: 2)
    #expect(mailbox.post(1))
    #expect(mailbox.post(2))
    #expect(!mailbox.post(3))
    #expect(mailbox.post(4, isUrgent: true), "what must arrive does")
    #expect(mailbox.takeAll() == [1, 2, 4])
    #expect(mailbox.post(5))
  }

  @Test("Closing gives back what waits and refuses the rest")
  func close() throws {
    let mailbox = try Mailbox<Int>()
    mailbox.post(1)
    #expect(mailbox.close() == [1])
    #expect(!mailbox.post(2))
    #expect(!mailbox.post(2, isUrgent: true))
    #expect(mailbox.isEmpty)
    #expect(mailbox.takeAll().isEmpty)
  }

  @Test("The descriptor is readable once something was posted")
  func wakeUp() throws {
    let mailbox = try Mailbox<Int>()
    #expect(Poll.wait(for: mailbox.descriptor, .readable, milliseconds: 0).isEmpty)
    mailbox.post(1)
    #expect(Poll.wait(for: mailbox.descriptor, .readable, milliseconds: 0) == .readable)
  }

  @Test("Nothing is lost between several posters and the owner")
  func concurrency() async throws {
    let mailbox = try Mailbox<Int>()
    var received: [Int] = []
    await withTaskGroup { group in
      for poster in 0..<4 {
        group.addTask { for number in 0..<5000 { mailbox.post(poster * 5000 + number) } }
      }
      while received.count < 20_000 {
        received += mailbox.takeAll()
        await Task.yield()
      }
    }
    #expect(received.sorted() == Array(0..<20_000))
    for poster in 0..<4 {
      let own = received.filter { $0 / 5000 == poster }
      #expect(own == own.sorted())
    }
  }
}
