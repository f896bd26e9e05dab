import Testing
import WebSocketProtocol

@testable import LoadGenerator

@Suite("wstop load: the plan")
struct LoadPlanTests {
  @Test("Compression is offered without context on either side, and only if it was asked for")
  func extensions() throws {
    #expect(try LoadFixture.plan().extensions.isEmpty)
    #expect(
      try LoadFixture.plan { $0.isCompressing = true }.extensions.map(\.fieldValue) == [
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
      ])
  }

  @Test("Each connection belongs to one thread, and each thread needs three descriptors more")
  func threads() throws {
    let plan = try LoadFixture.plan {
      $0.connectionCount = 10
      $0.threadCount = 3
    }
    #expect((0..<3).flatMap { Array(plan.connections(of: $0)) }.sorted() == Array(0..<10))
    #expect(plan.descriptorCount == 19)
  }
}
