import Synchronization
import TestCertificates
import Testing
import Vocabulary

@testable import EventLoop

@Suite("The keys of session tickets, RFC 5077 §4")
struct TicketKeysTests {
  /// A clock that is set by hand.
  private final class Clock: Sendable {
    private let hours = Mutex(0)

    func set(hours: Int) { self.hours.withLock { $0 = hours } }

    var now: Instant {
      Instant(nanoseconds: 0).advanced(by: .seconds(hours.withLock(\.self) * 3600))
    }
  }

  @Test("A key seals for twelve hours and opens for twelve more")
  func turns() throws {
    let clock = Clock()
    let keys = TicketKeys { clock.now }
    let first = try #require(keys.sealing())
    #expect(first.name.count == 16 && first.secret.count == 64)
    clock.set(hours: 11)
    #expect(keys.sealing()?.name == first.name)
    #expect(keys.opening(first.name)?.isOld == false)
    clock.set(hours: 12)
    let second = try #require(keys.sealing())
    #expect(second.name != first.name && second.secret != first.secret)
    #expect(keys.opening(first.name)?.isOld == true)
    #expect(keys.opening(first.name)?.key.secret == first.secret)
    #expect(keys.opening(second.name)?.isOld == false)
    clock.set(hours: 23)
    #expect(keys.opening(first.name) != nil)
    clock.set(hours: 24)
    #expect(keys.opening(first.name) == nil)
    #expect(keys.opening(second.name)?.isOld == true)
    #expect(keys.opening([UInt8](repeating: 0, count: 16)) == nil)
  }

  @Test("A key that nobody used for a day opens nothing any more")
  func quiet() throws {
    let clock = Clock()
    let keys = TicketKeys { clock.now }
    let first = try #require(keys.sealing())
    clock.set(hours: 25)
    #expect(keys.opening(first.name) == nil)
  }

  @Test(
    "Sessions are resumed across one change of keys, and not across two",
    arguments: [TLSContext.Version.v1_2, .v1_3])
  func resumption(version: TLSContext.Version) throws {
    let directory = try TestCertificates()
    let clock = Clock()
    let context = try TLSContext.server(
      TLSSettings(certificates: [directory.make().files]), clock: { clock.now })
    let clients = try TLSContext.client(verifying: .nothing, versions: [version])
    func connect(_ session: TLSSession?) throws -> (isResumed: Bool, session: TLSSession?) {
      let server = try MemoryPeer(server: context)
      let client = try MemoryPeer(client: clients, resuming: session)
      carry(client, server)
      #expect(client.connection.isOpen && server.connection.isOpen)
      return (server.connection.details.isResumed, client.connection.session)
    }
    let first = try connect(nil)
    #expect(!first.isResumed)
    let old: TLSSession = try #require(first.session)
    clock.set(hours: 13)
    let second = try connect(old)
    #expect(second.isResumed)
    // It was given a ticket of the new key, which still opens when the first does not.
    let new: TLSSession = try #require(second.session)
    clock.set(hours: 25)
    let third = try connect(new)
    #expect(third.isResumed)
    let fourth = try connect(old)
    #expect(!fourth.isResumed)
  }
}
