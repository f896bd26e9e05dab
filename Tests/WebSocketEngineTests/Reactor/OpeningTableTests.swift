import EventLoop
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("The table of openings")
struct OpeningTableTests {
  @Test("The oldest is known whoever goes, and names of those that are gone do not pile up")
  func order() async throws {
    try await withServer { fixture in
      let isRight = await fixture.server.reactors[0].run { reactor in
        let listener = SessionListener(
          0, descriptor: -1, address: "none", tls: nil, isShared: false, sessions: reactor)
        func opening() -> OpeningConnection {
          OpeningConnection(
            descriptor: -1, peer: PeerAddress(address: "unix", port: 0), listener: listener,
            sessions: reactor)
        }
        var table = OpeningTable()
        var isRight = table.oldest == nil && table.count == 0
        let first = opening()
        let others = (0..<10).map { _ in opening() }
        table.append(first)
        for other in others { table.append(other) }
        isRight = isRight && table.oldest === first
        table.remove(others[0])
        table.remove(first)
        isRight = isRight && table.oldest === others[1] && table.count == 9
        // The first stays while a hundred thousand come and go.
        for _ in 0..<100_000 {
          let brief = opening()
          table.append(brief)
          table.remove(brief)
        }
        isRight = isRight && table.oldest === others[1] && table.count == 9
        isRight = isRight && table.nameCount < 200
        return isRight && table.inOrder.map(\.id) == others.dropFirst().map(\.id)
      }
      #expect(isRight == true)
    }
  }
}
