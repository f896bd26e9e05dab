import EventLoop
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("Writing to a descriptor", .limited)
struct WritingTests {
  private static let bytes = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0) }

  @Test("Where a reader takes no more, that is an error")
  func full() throws {
    let (near, far) = try Socket.pair()
    defer {
      Syscalls.close(near)
      Syscalls.close(far)
    }
    let error = #expect(throws: SystemError.self) {
      try Syscalls.write(Self.bytes.span, to: near, about: "a reader")
    }
    #expect(error?.number == EAGAIN)
  }

  @Test("Whoever waits writes everything, as fast as the reader takes it")
  func waiting() throws {
    let (near, far) = try Socket.pair()
    let received = Mutex<[UInt8]>([])
    let reader = try LoopThread(name: "reader") {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        _ = Poll.wait(for: far, .readable, milliseconds: nil)
        var span = buffer.mutableSpan
        guard case .bytes(let count) = Syscalls.read(far, into: &span) else { return }
        received.withLock { $0 += buffer[..<count] }
      }
    }
    try Syscalls.writeWaiting(Self.bytes.span, to: near)
    Syscalls.close(near)
    reader.join()
    Syscalls.close(far)
    #expect(received.withLock { $0 == Self.bytes })
  }
}
