import Glibc
import TestSupport
import Testing

@testable import EventLoop

@Suite("Places to listen", .limited, .timeLimit(.minutes(5)))
struct ListenAddressTests {
  @Test("Options stand behind a comma")
  func options() throws {
    #expect(
      try ListenAddress(parsing: "[::]:80,ipv6only")
        == ListenAddress(.internet(host: "::", port: 80), isIPv6Only: true))
    #expect(try ListenAddress(parsing: "[0::0]:80,ipv6only").isIPv6Only)
    #expect(
      try ListenAddress(parsing: "unix:/a,b,mode=0660")
        == ListenAddress(.unix(path: "/a,b"), fileMode: 0o660))
    #expect(try ListenAddress(parsing: "unix:/a,mode=777").fileMode == 0o777)
    #expect(try ListenAddress(parsing: "unix:/a,b") == ListenAddress(.unix(path: "/a,b")))
    #expect(try ListenAddress(parsing: "unix:/a,mode=1,mode=2").address == .unix(path: "/a,mode=1"))
    for (text, takesBoth) in [
      ("*:80", true), ("[::]:80", true), ("[::]:80,ipv6only", false), ("0.0.0.0:80", false),
      ("[::1]:80", false),
    ] {
      #expect(try ListenAddress(parsing: text).takesBothFamilies == takesBoth, "\(text)")
    }
  }

  @Test(
    "What cannot take effect is refused, with what would be right",
    arguments: [
      ("", .address), ("0:80", .address), ("unix:,mode=0600", .address), (",ipv6only", .address),
      ("127.0.0.1:80,ipv6only", .ipv6Only), ("*:80,ipv6only", .ipv6Only),
      ("[::1]:80,ipv6only", .ipv6Only), ("localhost:80,ipv6only", .ipv6Only),
      ("[::]:80,ipv6", .option), ("127.0.0.1:80,mode=0600", .option), ("[::]:80,", .option),
      ("unix:/a,mode=", .mode), ("unix:/a,mode=8", .mode), ("unix:/a,mode=1777", .mode),
      ("unix:/a,mode=rw", .mode), ("unix:/a,mode=00660", .mode), ("unix:/a,mode=-1", .mode),
    ] as [(String, ListenAddress.Fault)])
  func faults(text: String, fault: ListenAddress.Fault) {
    #expect(throws: fault) { try ListenAddress(parsing: text) }
  }

  /// Listens on a place and gives what was bound; who it is for releases it.
  private func listen(_ text: String) throws -> [(descriptor: Int32, address: SocketAddress)] {
    try Socket.listen(everywhere: try ListenAddress(parsing: text)) {
      (address, port) throws(SystemError) in
      try Socket.listen(on: address, port: port, sharesPort: false)
    } port: { bound in
      if case .internet(_, let port) = bound.address { port } else { nil }
    } release: { bound in
      Syscalls.close(bound.descriptor)
    }
  }

  /// Whether somebody accepts there.
  private func isServed(_ host: String, _ port: UInt16) throws -> Bool {
    let number: Int32
    do {
      number = try Socket.connect(to: .internet(host: host, port: port))
    } catch {
      return false
    }
    let descriptor = OwnedDescriptor(owning: number)
    let readiness = Poll.wait(for: descriptor.number, .writable, milliseconds: 5000)
    return !readiness.isEmpty && Socket.connectError(descriptor.number) == nil
  }

  @Test(
    "All addresses are those of both families, and IPv6 alone where that is said",
    // An address of its own is refused: at that of the other tests, one of them may have the port.
    arguments: [
      ("*:0", "*", ["127.0.0.1", "::1"], []), ("[::]:0", "*", ["127.0.0.1", "::1"], []),
      ("[::]:0,ipv6only", "::", ["::1"], ["127.0.0.79"]),
      ("0.0.0.0:0", "0.0.0.0", ["127.0.0.1"], ["::1"]),
      ("[0:0:0:0:0:0:0:1]:0", "::1", ["::1"], ["127.0.0.79"]),
      ("[::ffff:127.0.0.1]:0", "127.0.0.1", ["127.0.0.1"], ["::1"]),
    ])
  func families(text: String, announced: String, served: [String], refused: [String]) throws {
    let bound = try listen(text)
    defer { for one in bound { Syscalls.close(one.descriptor) } }
    let first = try #require(bound.first)
    guard case .internet(let host, let port) = first.address else {
      Issue.record("\(first.address) is no Internet address")
      return
    }
    #expect(bound.count == 1 && host == announced)
    for host in served { #expect(try isServed(host, port), "\(host)") }
    for host in refused { #expect(try !isServed(host, port), "\(host)") }
  }

  @Test("A name means each of its addresses, on one port, and is announced by them")
  func names() throws {
    let known = try ResolvedAddress.all(host: "localhost", port: 0)
    let bound = try listen("localhost:0")
    defer { for one in bound { Syscalls.close(one.descriptor) } }
    #expect(bound.count == known.count)
    let ports = Set(
      bound.compactMap { one -> UInt16? in
        guard case .internet(let host, let port) = one.address else { return nil }
        #expect(["127.0.0.1", "::1"].contains(host))
        return port
      })
    #expect(ports.count == 1)
  }

  @Test("Addresses that the machine does not have are an error, and nothing stays bound")
  func missing() {
    let error = #expect(throws: SystemError.self) { try listen("192.0.2.1:0") }
    #expect(error?.isNoSuchAddress == true)
  }

  @Test(
    "What is neither an address nor a name is never asked for",
    arguments: ["*", "0", "127.1", "a b", "", "::1]", "b\u{fc}cher", "host\n"])
  func unchecked(host: String) {
    let error = #expect(throws: SystemError.self) {
      try ResolvedAddress.all(host: host, port: 80)
    }
    #expect(error?.number == EAI_NONAME)
    #expect(error?.reason == "Name or service not known")
  }
}
