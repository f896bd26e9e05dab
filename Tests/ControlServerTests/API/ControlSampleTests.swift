import ControlProtocol
import ControlServer
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

/// The program of the manual's topic `library`, word for word but for its socket; the control
/// server is the caller's to stop.
private func sample(
  _ server: Server, _ id: SessionID, socket: String
) async throws -> (ControlServer, ControlReply) {
  let control = try ControlServer(
    server: server, name: "orders", version: "1.0",
    path: try ControlPath(socket: socket), whenStopRequested: {})
  try control.start()

  let request = CloseRequest(sessions: [id], code: CloseCode(rawValue: 4003), reason: "signed out")
  let reply = await control.answer(.close(request), as: "billing")
  return (control, reply)
}

@Suite(
  "The program in the manual that asks its own control API", .limited, .timeLimit(.minutes(10)))
struct ControlSampleTests {
  @Test("It gets the outcome of each session, in the order in which they are named")
  func outcome() async throws {
    let server = try Server(ServerConfiguration(listeners: [], reactorCount: 1), routes: Router())
    let path = try ControlPath(socket: "\(try TemporaryDirectory.make())/control.sock")
    defer { TemporaryDirectory.remove(of: path) }
    try server.start()
    let id = SessionID(rawValue: 1 << 30)
    let (control, reply) = try await sample(server, id, socket: path.socket)
    #expect(
      reply
        == .act(
          ActResult(
            engine: server.run, outcomes: [SessionOutcome(id: id, outcome: .noSuchSession)])))
    await server.shutDown(timeout: .seconds(5))
    control.stop()
  }
}
