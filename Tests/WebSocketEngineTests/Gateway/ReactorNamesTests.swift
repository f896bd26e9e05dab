import Dispatch
import EventLoop
import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Names on reactors", .limited, .timeLimit(.minutes(10)))
struct ReactorNamesTests {
  private let address = SocketAddress.internet(host: "backend.test", port: 80)

  private struct Answer: Sendable {
    var reactor: Int
    var isOnItsThread: Bool
    var hosts: [String]
    var error: ResolutionError?

    init(_ reactor: SessionReactor, _ result: Result<ResolvedName, ResolutionError>) {
      self.reactor = reactor.handle.index
      isOnItsThread = reactor.handle.executor.isCurrent
      switch result {
      case .success(let name): hosts = name.addresses.map(\.numeric.address)
      case .failure(let failure):
        hosts = []
        error = failure
      }
    }
  }

  private func server(reactors: Int, _ lookUp: @escaping NameResolver.Lookup) throws -> Server {
    try Server(
      ServerConfiguration(listeners: [], reactorCount: reactors, settings: []),
      routes: Router(), names: NameResolver(lookUp: lookUp))
  }

  /// Asks a reactor for the addresses, and gives those that it has at once.
  private func ask(
    _ handle: ReactorHandle, _ answers: Recorder<Answer>
  ) async throws -> [String]? {
    let address = self.address
    let known = await handle.run { reactor -> [String]? in
      let known = reactor.resolve(address) { reactor, result in
        answers.note(Answer(reactor, result))
      }
      return known.map { Answer(reactor, $0).hosts }
    }
    return try #require(known)
  }

  @Test("The answer comes to the reactor that asked, on its thread; the next one knows it at once")
  func answers() async throws {
    let released = DispatchSemaphore(value: 0)
    let server = try server(reactors: 2) { (name) throws(SystemError) in
      released.wait()
      return try ResolvedAddress.all(host: "::1", port: 80)
    }
    try server.start()
    let answers = Recorder<Answer>()
    for handle in server.reactors { #expect(try await ask(handle, answers) == nil) }
    released.signal()
    let all = try await answers.all(atLeast: 2)
    #expect(Set(all.map(\.reactor)) == [0, 1])
    #expect(all.allSatisfy { $0.isOnItsThread && $0.hosts == ["::1"] })
    #expect(try await ask(server.reactors[1], answers) == ["::1"])
    #expect(answers.count == 2)
    await server.shutDown()
  }

  @Test("A server stops while a lookup hangs")
  func stop() async throws {
    let released = DispatchSemaphore(value: 0)
    let server = try server(reactors: 1) { _ throws(SystemError) in
      released.wait()
      return []
    }
    try server.start()
    let answers = Recorder<Answer>()
    #expect(try await ask(server.reactors[0], answers) == nil)
    await server.shutDown()
    released.signal()
    #expect(answers.all.isEmpty)
  }
}
