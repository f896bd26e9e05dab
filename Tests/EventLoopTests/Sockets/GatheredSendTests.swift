import Glibc
import Testing
import Vocabulary

@testable import EventLoop

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
