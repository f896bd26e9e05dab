import Dispatch
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("A walk over all sessions of a reactor", .limited, .timeLimit(.minutes(10)))
struct WalkTests {
  @Test("Every session is met once, no more of them in one turn than a slice")
  func slices() async throws {
    try await withServer { fixture in
      var clients: [TestClient] = []
      for _ in 0..<10 { clients.append(try await fixture.session()) }
      let handle = fixture.server.reactors[0]
      let found = try #require(
        await handle.onEverySession(sliceCount: 3) { ($0.id, $0.reactor.reactor.turnCount) })
      #expect(Set(found.map(\.0)).count == 10 && found.count == 10)
      let inTurns = Dictionary(grouping: found, by: \.1).values.map(\.count)
      #expect(inTurns.allSatisfy { $0 <= 3 } && inTurns.count >= 4)
      withExtendedLifetime(clients) {}
    }
  }

  @Test("A session that nothing is found of is left out, and without sessions there is nothing")
  func filter() async throws {
    try await withServer { fixture in
      let handle = fixture.server.reactors[0]
      #expect(await handle.onEverySession { $0.id } == [])
      let client = try await fixture.session()
      #expect(await handle.onEverySession { $0.rooms.isEmpty ? nil : $0.id } == [])
      #expect(await handle.onEverySession { $0.id }?.count == 1)
      withExtendedLifetime(client) {}
    }
  }

  @Test("A full mailbox takes what somebody waits for, and the end of what is under way")
  func awaited() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      let handle = fixture.server.reactors[0]
      let id = try fixture.onlySession().identity.id
      let tap = Tap(maximumPerSecond: 1000)
      await fixture.server.begin(tap, TapCriteria())
      #expect(await fixture.server.attach(tap, to: id))
      let isBusy = Mutex(false)
      let gate = DispatchSemaphore(value: 0)
      handle.post { _ in
        isBusy.withLock { $0 = true }
        gate.wait()
      }
      defer { gate.signal() }
      try await eventually("it is busy") { isBusy.withLock { $0 } }
      while handle.post({ _ in }) {}
      fixture.server.end(tap)
      async let ids = handle.onEverySession { $0.id }
      async let closed = fixture.server.close([id], code: .goingAway, reason: "end")
      gate.signal()
      _ = await ids
      #expect(try await closed == [.done])
      #expect(try await client.next() == .close(1001, "end"))
      #expect(await handle.run { $0.taps.isEmpty } == true)
    }
  }

  @Test("An engine that has stopped is no engine without sessions")
  func stopped() async throws {
    let handle = Mutex<ReactorHandle?>(nil)
    try await withServer { fixture in handle.withLock { $0 = fixture.server.reactors[0] } }
    let stopped = try #require(handle.withLock { $0 })
    #expect(await stopped.onEverySession { $0.id } == nil)
  }
}
