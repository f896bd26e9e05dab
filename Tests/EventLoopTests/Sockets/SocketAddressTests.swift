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
