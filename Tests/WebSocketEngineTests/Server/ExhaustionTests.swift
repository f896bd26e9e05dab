import EventLoop
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Acceptors without a descriptor", .limited, .timeLimit(.minutes(10)))
struct ExhaustionTests {
  @Test("A listener that cannot accept is told once, does not spin, and goes on by itself")
  func pauses() async throws {
    let reports = Recorder<Int32>()
    let attempts = Recorder<Instant>()
    let settled = Recorder<Duration>()
    try await withServer { fixture in
      // A listener that is none fails as one without descriptors does: each accept is an error.
      let (one, other) = try Socket.pair()
      let handle = fixture.server.reactors[0]
      let started = await handle.run { reactor -> Int in
        reactor.acceptors.whenExhausted = { reports.note($0.number) }
        reactor.acceptors.whenSettled = { settled.note($0) }
        // By the turn's time, from which the next attempt is reckoned.
        reactor.acceptors.makeRoom = { [unowned reactor] in attempts.note(reactor.now) }
        let listener = SessionListener(
          0, descriptor: one, address: "none", tls: nil, isShared: false, sessions: reactor)
        try? reactor.acceptors.add(listener)
        return reactor.reactor.turnCount
      }
      _ = Syscalls.send(other, [1].span)
      try await eventually("four attempts") { attempts.count >= 4 }
      let instants = attempts.all
      #expect(try instants.at(0).duration(to: instants.at(3)) >= Acceptors.retryInterval * 3)
      let ended = await handle.run { $0.reactor.turnCount }
      let turnCount = (ended ?? .max) - (started ?? 0)
      #expect(reports.all == [EINVAL])
      #expect(settled.count == 0)
      // By attempts, of which more than four were made where this test had to wait for its turn.
      #expect(turnCount < 10 * attempts.count)
      // The listener that is none has nothing to accept any more.
      var byte: UInt8 = 0
      _ = recv(one, &byte, 1, 0)
      try await fixture.expectAlive()
      // Nothing fails any more, and after a while that is told, with how long it was so.
      let durations = try await settled.all(atLeast: 1)
      #expect(durations[0] >= instants[0].duration(to: instants[3]))
      #expect(durations.count == 1 && reports.count == 1)
      Syscalls.close(other)
      Syscalls.close(one)
    }
  }
}
