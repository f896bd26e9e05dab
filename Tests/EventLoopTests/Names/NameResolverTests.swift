import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import EventLoop

@Suite("Resolver of names", .limited, .timeLimit(.minutes(10)))
struct NameResolverTests {
  /// A name service under a test's hand, with a clock.
  private final class NameService: Sendable {
    private let answers = Mutex<[String: Result<[String], SystemError>]>([:])
    private let questions = Mutex<[String]>([])
    private let threads = Mutex<Set<UInt>>([])
    private let time = Atomic<Int64>(1_000_000_000_000)
    /// While it is set, a lookup waits here.
    private let isHeld = Atomic(false)
    private let released = DispatchSemaphore(value: 0)

    var asked: [String] { questions.withLock { $0 } }
    var threadCount: Int { threads.withLock { $0.count } }

    func set(_ host: String, _ addresses: [String]) {
      answers.withLock { $0[host] = .success(addresses) }
    }

    func fail(_ host: String, _ number: Int32) {
      let error = SystemError(call: "getaddrinfo", number: number, subject: host)
      answers.withLock { $0[host] = .failure(error) }
    }

    func hold() { isHeld.store(true, ordering: .relaxed) }

    func release() {
      isHeld.store(false, ordering: .relaxed)
      released.signal()
    }

    func pass(_ duration: Duration) {
      time.wrappingAdd(duration.wholeNanoseconds, ordering: .relaxed)
    }

    func resolver(names: Int = 16, waiting: Int = 64) -> NameResolver {
      NameResolver(
        maximumNameCount: names, maximumWaitingCount: waiting,
        clock: { [self] in Instant(nanoseconds: time.load(ordering: .relaxed)) },
        lookUp: { [self] (name) throws(SystemError) in try answer(name) })
    }

    private func answer(_ name: SocketAddress) throws(SystemError) -> [ResolvedAddress] {
      guard case .internet(let host, let port) = name else { return [] }
      questions.withLock { $0.append(host) }
      _ = threads.withLock { $0.insert(UInt(pthread_self())) }
      if isHeld.load(ordering: .relaxed) { released.wait() }
      guard let found = answers.withLock({ $0[host] }) else {
        throw SystemError(call: "getaddrinfo", number: EAI_NONAME, subject: host)
      }
      var addresses: [ResolvedAddress] = []
      for literal in try found.get() {
        addresses += try ResolvedAddress.all(host: literal, port: port)
      }
      return addresses
    }
  }

  private func address(_ host: String) -> SocketAddress { .internet(host: host, port: 8080) }

  /// The answer, at once or later.
  private func answer(
    of resolver: NameResolver, _ host: String
  ) async -> Result<ResolvedName, ResolutionError> {
    await withCheckedContinuation { continuation in
      let known = resolver.resolve(address(host)) { continuation.resume(returning: $0) }
      if let known { continuation.resume(returning: known) }
    }
  }

  private func hosts(_ resolver: NameResolver, _ host: String) async throws -> [String] {
    try await answer(of: resolver, host).get().addresses.map(\.numeric.address)
  }

  /// Asks until a condition holds.
  private func until(_ condition: () async throws -> Bool) async throws {
    let deadline = SystemClock.monotonic().advanced(by: .seconds(120))
    while try await !condition() {
      try #require(SystemClock.monotonic() < deadline, "waited too long")
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test("Addresses in numbers and paths of sockets ask nobody and are known at once")
  func literals() throws {
    let service = NameService()
    let resolver = service.resolver()
    defer { resolver.stop() }
    for (host, number) in [
      ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::ffff:10.0.0.7", "10.0.0.7"),
    ] {
      let known = resolver.resolve(address(host)) { _ in Issue.record("it was looked up") }
      let found = try #require(known).get()
      #expect(found.addresses.map(\.numeric) == [PeerAddress(address: number, port: 8080)])
      #expect(found.error == nil)
    }
    let path = resolver.resolve(.unix(path: "/run/service.sock")) { _ in }
    #expect(try #require(path).get().addresses.map(\.numeric.address) == ["unix"])
    let long = resolver.resolve(.unix(path: "/" + String(repeating: "x", count: 200))) { _ in }
    let refused = try #require(long)
    #expect(throws: ResolutionError.self) { try refused.get() }
    #expect(service.asked.isEmpty && service.threadCount == 0)
  }

  @Test("Both families are handed out in the order of the lookup, IPv6 first where it is preferred")
  func families() async throws {
    let service = NameService()
    service.set("both.test", ["2001:db8::7", "192.0.2.7", "192.0.2.8"])
    let resolver = service.resolver()
    defer { resolver.stop() }
    #expect(
      try await hosts(resolver, "both.test") == ["2001:db8::7", "192.0.2.7", "192.0.2.8"])
    #expect(
      try await answer(of: resolver, "both.test").get().addresses.map(\.numeric.port)
        == [8080, 8080, 8080])
  }

  @Test("A lookup runs once for all who wait, on a thread that is none of theirs")
  func together() async throws {
    let service = NameService()
    service.set("one.test", ["127.0.0.1"])
    service.hold()
    let resolver = service.resolver()
    defer { resolver.stop() }
    let answers = Mutex<[UInt]>([])
    for _ in 0..<10 {
      let known = resolver.resolve(address("one.test")) { result in
        #expect(throws: Never.self) { try result.get() }
        answers.withLock { $0.append(UInt(pthread_self())) }
      }
      #expect(known == nil)
    }
    service.release()
    try await until { answers.withLock { $0.count } == 10 }
    #expect(service.asked == ["one.test"] && service.threadCount == 1)
    #expect(answers.withLock { Set($0).count } == 1)
  }

  @Test("Other addresses and another family are handed out after 30 s")
  func change() async throws {
    let service = NameService()
    service.set("moved.test", ["127.0.0.1"])
    let resolver = service.resolver()
    defer { resolver.stop() }
    #expect(try await hosts(resolver, "moved.test") == ["127.0.0.1"])
    service.set("moved.test", ["::1"])
    service.pass(.seconds(29))
    #expect(try await hosts(resolver, "moved.test") == ["127.0.0.1"])
    #expect(service.asked.count == 1)
    service.pass(.seconds(1))
    try await until { try await hosts(resolver, "moved.test") == ["::1"] }
    #expect(service.asked.count == 2)
  }

  @Test("While a lookup hangs the old addresses are handed out, and told to be old")
  func slow() async throws {
    let service = NameService()
    service.set("slow.test", ["127.0.0.1"])
    let resolver = service.resolver()
    defer { resolver.stop() }
    #expect(try await hosts(resolver, "slow.test") == ["127.0.0.1"])
    service.hold()
    service.set("slow.test", ["127.0.0.2"])
    service.pass(.seconds(40))
    let old = try #require(resolver.resolve(address("slow.test")) { _ in }).get()
    #expect(old.addresses.map(\.numeric.address) == ["127.0.0.1"])
    #expect(old.error?.number == ETIMEDOUT)
    try await until { service.asked.count == 2 }
    let still = try #require(resolver.resolve(address("slow.test")) { _ in }).get()
    #expect(still.addresses.map(\.numeric.address) == ["127.0.0.1"])
    service.release()
    try await until { try await hosts(resolver, "slow.test") == ["127.0.0.2"] }
    #expect(try await answer(of: resolver, "slow.test").get().error == nil)
  }

  @Test("A lookup that fails keeps the old addresses with its error, until one succeeds")
  func failing() async throws {
    let service = NameService()
    service.set("lost.test", ["127.0.0.1"])
    let resolver = service.resolver()
    defer { resolver.stop() }
    #expect(try await hosts(resolver, "lost.test") == ["127.0.0.1"])
    service.fail("lost.test", EAI_AGAIN)
    service.pass(.seconds(30))
    try await until {
      let found = try await answer(of: resolver, "lost.test").get()
      #expect(found.addresses.map(\.numeric.address) == ["127.0.0.1"])
      return found.error?.number == EAI_AGAIN
    }
    service.set("lost.test", [])
    service.pass(.seconds(5))
    try await until {
      try await answer(of: resolver, "lost.test").get().error?.number == EADDRNOTAVAIL
    }
    service.set("lost.test", ["127.0.0.3"])
    service.pass(.seconds(5))
    try await until { try await hosts(resolver, "lost.test") == ["127.0.0.3"] }
  }

  @Test("A name that is not found is an error that names it, and is asked for again a second later")
  func notFound() async throws {
    let service = NameService()
    let resolver = service.resolver()
    defer { resolver.stop() }
    let error = await #expect(throws: ResolutionError.self) {
      _ = try await answer(of: resolver, "typo.test").get()
    }
    #expect(error?.description.contains("typo.test") == true)
    service.set("typo.test", ["127.0.0.1"])
    await #expect(throws: ResolutionError.self) {
      _ = try await answer(of: resolver, "typo.test").get()
    }
    #expect(service.asked.count == 1)
    service.pass(.seconds(1))
    #expect(try await hosts(resolver, "typo.test") == ["127.0.0.1"])
  }

  @Test("Requests beyond the bound are refused while those before them wait")
  func bounded() async throws {
    let service = NameService()
    service.set("one.test", ["127.0.0.1"])
    service.hold()
    let resolver = service.resolver(waiting: 3)
    defer { resolver.stop() }
    let answerCount = Atomic(0)
    for _ in 0..<3 {
      #expect(
        resolver.resolve(address("one.test")) { _ in
          answerCount.wrappingAdd(1, ordering: .relaxed)
        } == nil)
    }
    let refused = try #require(resolver.resolve(address("one.test")) { _ in })
    #expect(throws: ResolutionError.tooManyWaiting(maximum: 3)) { try refused.get() }
    service.release()
    try await until { answerCount.load(ordering: .relaxed) == 3 }
    #expect(try await hosts(resolver, "one.test") == ["127.0.0.1"])
  }

  @Test("Stopping answers those who wait, though a lookup hangs, and then looks nothing up")
  func stop() async throws {
    let service = NameService()
    service.set("one.test", ["127.0.0.1"])
    service.hold()
    let resolver = service.resolver()
    let answers = Mutex<[ResolutionError]>([])
    let known = resolver.resolve(address("one.test")) { result in
      if case .failure(let error) = result { answers.withLock { $0.append(error) } }
    }
    #expect(known == nil)
    try await until { service.asked == ["one.test"] }
    resolver.stop()
    #expect(answers.withLock { $0 } == [.stopped])
    service.release()
    let after = try #require(resolver.resolve(address("other.test")) { _ in })
    #expect(throws: ResolutionError.stopped) { try after.get() }
    resolver.stop()
    #expect(service.asked == ["one.test"])
  }

  @Test("The system's resolver finds localhost, and no name that is none")
  func system() async throws {
    let resolver = NameResolver()
    defer { resolver.stop() }
    let found = try await hosts(resolver, "localhost")
    #expect(found.contains("127.0.0.1") || found.contains("::1"))
    await #expect(throws: ResolutionError.self) {
      _ = try await answer(of: resolver, "no host").get()
    }
  }
}
