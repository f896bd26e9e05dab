import Testing
import Vocabulary

@Suite("Names of hosts")
struct HostNameTests {
  @Test(
    "Names are labels with dots between",
    arguments: [
      "localhost", "example.com", "a.b.c.", "xn--bcher-kva.example", "my_service", "_sip._tcp.x",
      "1a", "1.a", "0x.a1", "A-B.C", "a.1b", String(repeating: "a", count: 63),
    ])
  func names(text: String) {
    #expect(HostName.isValid(text) && HostName.isHost(text) && !HostName.isAddress(text))
  }

  @Test(
    "What a resolver takes for an address, a pattern or nothing at all is no name",
    arguments: [
      "", ".", "..", "a..b", ".a", "a..", "-a", "a-", "a.-b.c", "*", "*.a", "a b", "a\0", "a/b",
      "a:b",
      "a@b", "a%62", "0", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.04", "a.1", "a.0x1", "0x7f", "0X7F",
      "2130706433", "b\u{fc}cher", "\u{212a}", String(repeating: "a", count: 64),
      String(repeating: "a.", count: 127) + "a",
    ])
  func others(text: String) {
    #expect(!HostName.isHost(text))
  }

  @Test("Addresses may have a zone of what interfaces are called")
  func addresses() {
    for text in ["10.0.0.7", "::1", "::", "fe80::1%eth0", "fe80::1%2", "fe80::1%br-0.100"] {
      #expect(HostName.isAddress(text) && HostName.isHost(text), "\(text)")
    }
    for text in [
      "10.0.0.07", "fe80::1%", "fe80::1%a/b", "fe80::1%a b", "fe80::1%a%b", "10.0.0.7%eth0",
      "fe80::1%" + String(repeating: "a", count: 16), "[::1]",
    ] {
      #expect(!HostName.isAddress(text), "\(text)")
    }
    #expect(HostName.zone(of: "fe80::1%eth0") == "eth0")
    #expect(HostName.zone(of: "fe80::1") == nil)
  }
}
