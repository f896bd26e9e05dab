import EventLoop
import TestSupport
import Testing

@Suite("Waiting for one descriptor", .limited)
struct PollTests {
  @Test("A wait ends when there is something to read, room to write, or the peer is gone")
  func readiness() throws {
    let (near, far) = try Socket.pair()
    defer { Syscalls.close(near) }
    #expect(Poll.wait(for: near, .readable, milliseconds: 0) == [])
    #expect(Poll.wait(for: near, [.readable, .writable], milliseconds: 0) == .writable)
    #expect(Syscalls.send(far, [1].span) == .bytes(1))
    #expect(Poll.wait(for: near, .readable, milliseconds: nil) == .readable)
    Syscalls.close(far)
    #expect(Poll.wait(for: near, .readable, milliseconds: nil).isBroken)
  }
}
