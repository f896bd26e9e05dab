import Testing

@testable import EventLoop

@Suite("Addresses of sockets")
struct SocketAddressTests {
  @Test(
    "Right ones are read and written back",
    arguments: [
      ("127.0.0.1:80", SocketAddress.internet(host: "127.0.0.1", port: 80)),
      ("localhost:0", .internet(host: "localhost", port: 0)),
      ("*:80", .internet(host: "*", port: 80)),
      ("[fe80::1%eth0]:80", .internet(host: "fe80::1%eth0", port: 80)),
      ("my_service.example.:80", .internet(host: "my_service.example.", port: 80)),
      ("[::1]:65535", .internet(host: "::1", port: 65_535)),
      ("unix:/tmp/x:y", .unix(path: "/tmp/x:y")), ("unix:\u{301}a", .unix(path: "\u{301}a")),
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
      // What a resolver would take for an address, or for anything at all.
      "0:80", "127.1:80", "0x7f.1:80", "2130706433:80", "127.0.0.01:80", "1.2.3.4.5:80", "**:80",
      "*.example.com:80", "a b:80", "-a:80", "a-:80", "a..b:80", ".:80", "ex%61mple:80",
      "b\u{fc}cher:80",
      "a/b:80", "user@host:80", "[*]:80", "[fe80::1%]:80", "[fe80::1%a/b]:80", "[1.2.3.4]:80",
      "host:8 0", "host: 80", "host:٣", "unix:" + String(repeating: "x", count: 108),
    ])
  func invalid(_ text: String) {
    #expect(SocketAddress(text) == nil)
  }
}
