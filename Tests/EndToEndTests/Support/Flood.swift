import Foundation
import Testing

/// Many opening handshakes at once, some of which never send the end of their request.
struct Flood: Sendable {
  private let process: ClientProcess
  private let name: String

  /// Begins to connect; the connections stay until `end`.
  static func start(_ engine: Engine, count: Int, halfOpenCount: Int = 0) async throws -> Flood {
    let process = try await ClientProcess.ofTest()
    let name = "flood-\(Workspace.current.nextNumber())"
    let request = ClientRequest(
      op: "flood", name: name, size: count, parts: halfOpenCount, port: engine.port)
    try check(try await process.ask(request))
    return Flood(process: process, name: name)
  }

  /// How many connections were answered with each HTTP status; `half-open` for those that did not
  /// ask to the end, the error's name for those that failed.
  func outcomes() async throws -> [String: Int] {
    try await eventually("the flood is not answered", within: .seconds(180)) {
      let answer = try await process.ask(ClientRequest(op: "flood-outcomes", name: name))
      try Self.check(answer)
      return answer.counts
    }
  }

  /// Cuts all connections.
  func end() async throws {
    try Self.check(try await process.ask(ClientRequest(op: "flood-end", name: name)))
  }

  private static func check(_ answer: ClientAnswer) throws {
    if let error = answer.error { throw Client.Failed(description: error) }
  }
}
