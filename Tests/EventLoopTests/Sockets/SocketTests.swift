import Glibc
import TestSupport
import Testing

@testable import EventLoop

@Suite("Sockets", .limited, .timeLimit(.minutes(10)))
struct SocketTests {
  /// The next connection of a listener, which the caller closes.
  private func accepted(from listener: Int32) throws -> (number: Int32, peer: PeerAddress) {
    #expect(!Poll.wait(for: listener, .readable, milliseconds: 5000).isEmpty)
    guard case .connection(let number, let peer) = Socket.accept(from: listener) else {
      throw NoConnection()
    }
    return (number, peer)
  }

  private struct NoConnection: Error {}

  @Test("A port that is taken, or that nobody may have, is an error that names the address")
  func listenErrors() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    let error = #expect(throws: SystemError.self) {
      _ = try Socket.listen(on: address, sharesPort: false)
    }
    #expect(error?.number == EADDRINUSE)
    #expect(error?.description.contains(address.description) == true)
    #expect(throws: SystemError.self) {
      _ = try Socket.listen(on: .internet(host: "192.0.2.1", port: 0), sharesPort: false)
    }
    #expect(throws: SystemError.self) {
      _ = try Socket.listen(
        on: .unix(path: "/nowhere/" + String(repeating: "x", count: 90)), sharesPort: false)
    }
  }

  @Test("Connections are accepted with their peer's address, and then nobody waits")
  func accept() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: true)
    defer { Syscalls.close(descriptor) }
    guard case .wouldBlock = Socket.accept(from: descriptor) else {
      Issue.record("somebody waits")
      return
    }
    let client = try Socket.connect(to: address)
    defer { Syscalls.close(client) }
    #expect(!Poll.wait(for: client, .writable, milliseconds: 5000).isEmpty)
    #expect(Socket.connectError(client) == nil)
    let (number, peer) = try accepted(from: descriptor)
    defer { Syscalls.close(number) }
    #expect(peer.address == "127.0.0.1")
    #expect(peer.port > 0)
    var isWithoutDelay: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    #expect(
      getsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &isWithoutDelay, &length) == 0
        && isWithoutDelay != 0, "small segments wait (Nagle's algorithm)")
  }

  @Test("An IPv6 peer is told in the one form of RFC 5952")
  func acceptIPv6() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "::1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    let client = try Socket.connect(to: address)
    defer { Syscalls.close(client) }
    let (number, peer) = try accepted(from: descriptor)
    Syscalls.close(number)
    #expect(peer.address == "::1")
    #expect(peer.port > 0)
  }

  @Test("A connection comes from the address that was wanted, to one that was looked up before")
  func source() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    let client = try Socket.connect(
      to: try ResolvedAddress(address),
      from: try ResolvedAddress(.internet(host: "127.0.0.9", port: 0)))
    defer { Syscalls.close(client) }
    let (number, peer) = try accepted(from: descriptor)
    Syscalls.close(number)
    #expect(peer.address == "127.0.0.9")
    let foreign = try ResolvedAddress(.internet(host: "192.0.2.1", port: 0))
    let error = #expect(throws: SystemError.self) {
      try Socket.connect(to: ResolvedAddress(address), from: foreign)
    }
    #expect(error?.call == "bind")
  }

  @Test("A name is looked up with all its addresses, or not at all")
  func lookUp() throws {
    #expect(try ResolvedAddress.all(host: "127.0.0.1", port: 1).count == 1)
    #expect(try !ResolvedAddress.all(host: "localhost", port: 1).isEmpty)
    #expect(throws: SystemError.self) {
      try ResolvedAddress.all(host: "no-such-host.invalid", port: 1)
    }
  }

  @Test("A descriptor that does not listen is told, and not asked for ever")
  func acceptFromNoListener() throws {
    let (one, other) = try Socket.pair()
    defer {
      Syscalls.close(one)
      Syscalls.close(other)
    }
    guard case .exhausted(let error) = Socket.accept(from: one) else {
      Issue.record("no error")
      return
    }
    #expect(error.number == EINVAL)
  }

  @Test("Connecting where nobody listens fails")
  func connectErrors() throws {
    let nobody = try UnusedPort()
    let client = try Socket.connect(to: .internet(host: "127.0.0.1", port: nobody.port))
    defer { Syscalls.close(client) }
    #expect(!Poll.wait(for: client, .writable, milliseconds: 5000).isEmpty)
    #expect(Socket.connectError(client)?.number == ECONNREFUSED)
    #expect(throws: SystemError.self) {
      _ = try Socket.connect(to: .unix(path: "/tmp/wstop-nobody-\(getpid())"))
    }
  }

  @Test("The peer's TCP acknowledges what it takes, and answers probes when it takes no more")
  func acknowledgement() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    let client = try Socket.connect(to: address)
    defer { Syscalls.close(client) }
    let (number, _) = try accepted(from: descriptor)
    defer { Syscalls.close(number) }
    let part = [UInt8](repeating: 0, count: 64 << 10)
    var sent = 0
    filling: while true {
      switch Syscalls.send(number, part.span) {
      case .bytes(let count): sent += count
      case .wouldBlock: break filling
      case .failed:
        Issue.record("it failed")
        return
      }
    }
    // What the peer's buffer takes is acknowledged; the rest waits for its window.
    var answer = try #require(Socket.acknowledgement(number))
    for _ in 0..<1000 where answer.unansweredSegmentCount > 0 {
      usleep(5000)
      answer = try #require(Socket.acknowledgement(number))
    }
    #expect(answer.unansweredSegmentCount == 0)
    #expect(answer.unansweredProbeCount <= 1)
    let untaken = Socket.untakenByteCount(number)
    #expect(untaken > 0 && untaken < sent)
    // Probes are answered though nobody reads: what was said last grows younger again.
    var youngest = answer.age
    var hasGrownYounger = false
    for _ in 0..<2000 where !hasGrownYounger {
      usleep(5000)
      let age = try #require(Socket.acknowledgement(number)).age
      hasGrownYounger = age < youngest
      youngest = age
    }
    #expect(hasGrownYounger)
    #expect(Socket.untakenByteCount(number) > 0)
  }

  @Test("A Unix socket tells of no acknowledgements")
  func noAcknowledgement() throws {
    let (one, other) = try Socket.pair()
    defer {
      Syscalls.close(one)
      Syscalls.close(other)
    }
    #expect(Socket.acknowledgement(one) == nil)
    #expect(Socket.acknowledgement(-1) == nil)
  }
}
