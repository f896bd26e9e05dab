import Glibc
import Testing

@testable import EventLoop

@Suite("Addresses of sockets")
struct SocketAddressTests {
  @Test(
    "Right ones are read and written back",
    arguments: [
      ("127.0.0.1:80", SocketAddress.internet(host: "127.0.0.1", port: 80)),
      ("localhost:0", .internet(host: "localhost", port: 0)),
      ("[::1]:65535", .internet(host: "::1", port: 65_535)),
      ("unix:/tmp/x:y", .unix(path: "/tmp/x:y")),
    ])
  func valid(_ text: String, _ address: SocketAddress) {
    #expect(SocketAddress(text) == address)
    #expect(address.description == text)
  }

  @Test(
    "Wrong ones are none",
    arguments: [
      "", ":", "80", ":80", "host", "host:", "host:x", "host:-1", "host:+1", "host:65536",
      "::1:80", "[::1]", "[]:80", "[host]:80", "[::1:80", "unix:", "unix:a\0b", "h\0st:80",
      "host:8 0", "host: 80", "host:٣", "unix:" + String(repeating: "x", count: 108),
    ])
  func invalid(_ text: String) {
    #expect(SocketAddress(text) == nil)
  }
}

@Suite("Sockets", .timeLimit(.minutes(1)))
struct SocketTests {
  @Test("A port that is taken, or that nobody may have, is an error that names the address")
  func listenErrors() throws {
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    let error = #expect(throws: SystemError.self) {
      _ = try Socket.listen(on: address, sharesPort: false)
    }
    #expect(error?.isAddressInUse == true)
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
    guard case .connection(let number, let peer) = Socket.accept(from: descriptor) else {
      Issue.record("no connection")
      return
    }
    Syscalls.close(number)
    #expect(peer.address == "127.0.0.1")
    #expect(peer.port > 0)
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
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    Syscalls.close(descriptor)
    let client = try Socket.connect(to: address)
    defer { Syscalls.close(client) }
    #expect(!Poll.wait(for: client, .writable, milliseconds: 5000).isEmpty)
    #expect(Socket.connectError(client)?.number == ECONNREFUSED)
    #expect(throws: SystemError.self) {
      _ = try Socket.connect(to: .unix(path: "/tmp/wstop-nobody-\(getpid())"))
    }
  }
}

@Suite("Bytes that are written in pieces")
struct GatheredSendTests {
  @Test("Shared bytes hold what they were made of")
  func shared() {
    let (end, nothing): ([UInt8], [UInt8]) = ([3, 4], [])
    let bytes = SharedBytes(head: [1, 2], copying: end.span)
    #expect(bytes.count == 4)
    #expect(bytes.withSpan { Array(copying: $0) } == [1, 2, 3, 4])
    let empty = SharedBytes(copying: nothing.span)
    #expect(empty.count == 0)
  }

  @Test("Short writes take a head and slices in their order, from where the last one stopped")
  func shortWrites() throws {
    let (writer, reader) = try Socket.pair()
    defer {
      Syscalls.close(writer)
      Syscalls.close(reader)
    }
    var size: Int32 = 1
    _ = setsockopt(writer, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let payload = SharedBytes(copying: bytes.span)
    let head: [UInt8] = [250, 251, 252]
    let expected = head + bytes
    var sent = 0
    var received: [UInt8] = []
    let scratch = ReactorBuffer(byteCount: 10_000)
    while received.count < expected.count {
      let headOffset = min(sent, head.count)
      let from = max(0, sent - head.count)
      let middle = (from + payload.count) / 2
      let result = Syscalls.send(
        writer, head: head.span.extracting(headOffset..<head.count),
        slices: [SharedSlice(payload, from..<middle), SharedSlice(payload, middle..<payload.count)])
      if case .bytes(let count) = result { sent += count }
      let read = scratch.withBytes { Syscalls.receive(reader, into: &$0, from: 0) }
      if case .bytes(let count) = read { received += scratch.array(of: 0..<count) }
    }
    #expect(received == expected)
  }

  @Test("Pieces of two sources go out as one write")
  func pieces() throws {
    let (writer, reader) = try Socket.pair()
    defer {
      Syscalls.close(writer)
      Syscalls.close(reader)
    }
    let head: [UInt8] = [1, 2, 3]
    let payload: [UInt8] = [9, 8, 7, 6]
    let result = Syscalls.send(
      writer, head: head.span, payload: payload.span,
      pieces: [
        .init(isPayload: false, offset: 1, count: 2), .init(isPayload: true, offset: 0, count: 1),
        .init(isPayload: false, offset: 0, count: 1), .init(isPayload: true, offset: 2, count: 2),
      ])
    #expect(result == .bytes(6))
    let scratch = ReactorBuffer(byteCount: 100)
    _ = scratch.withBytes { Syscalls.receive(reader, into: &$0, from: 0) }
    #expect(scratch.array(of: 0..<6) == [2, 3, 9, 1, 7, 6])
  }
}
