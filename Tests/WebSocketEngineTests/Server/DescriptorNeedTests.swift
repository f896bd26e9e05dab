import EventLoop
import Testing

@testable import WebSocketEngine

@Suite("The descriptors that an engine needs for itself")
struct DescriptorNeedTests {
  @Test(
    "Each reactor, listener and Unix socket is counted",
    arguments: [
      (1, ["127.0.0.1:1"], 16 + 4 + 2 + 24), (8, ["127.0.0.1:1"], 16 + 32 + 16 + 24),
      (64, ["127.0.0.1:1", "[::1]:1", "unix:/tmp/a"], 16 + 256 + 256 + 1 + 24),
    ])
  func count(reactors: Int, listeners: [String], expected: Int) {
    let need = DescriptorNeed(
      reactorCount: reactors,
      listeners: listeners.compactMap { SocketAddress($0) }.map { Listener($0) })
    #expect(need.count == expected)
    #expect(need.remaining(of: 1000, openCount: 10) == 990 - expected)
    #expect(need.remaining(of: 20, openCount: 10) == 1)
  }
}
