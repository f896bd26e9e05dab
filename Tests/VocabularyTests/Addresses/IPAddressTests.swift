import Testing
import Vocabulary

@Suite("Internet addresses")
struct IPAddressTests {
  @Test(
    "IPv4 in four decimal numbers",
    arguments: [
      ("0.0.0.0", 0), ("10.0.0.7", 0x0A00_0007), ("255.255.255.255", 0xFFFF_FFFF),
      ("::ffff:10.0.0.7", 0x0A00_0007), ("::FFFF:a00:7", 0x0A00_0007),
    ] as [(String, UInt32)] as [(String, UInt32)])
  func v4(text: String, value: UInt32) {
    #expect(IPAddress(text) == IPAddress(v4: value))
  }

  @Test(
    "IPv6 in the forms of RFC 4291 §2.2",
    arguments: [
      ("::", 0), ("::1", 1), ("1::", 1 << 112), ("2001:db8::7", 0x2001_0DB8 << 96 | 7),
      ("2001:DB8:0:0:0:0:0:7", 0x2001_0DB8 << 96 | 7), ("2001:0db8::0007", 0x2001_0DB8 << 96 | 7),
      ("1:2:3:4:5:6:7::", 0x1_0002_0003_0004_0005_0006_0007 << 16),
      ("::2:3:4:5:6:7:8", 0x2_0003_0004_0005_0006_0007_0008),
      ("64:ff9b::10.0.0.7", 0x64_FF9B << 96 | 0x0A00_0007),
      ("fe80::1%eth0", 0xFE80 << 112 | 1), ("::10.0.0.7", 0x0A00_0007),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .max),
    ] as [(String, UInt128)] as [(String, UInt128)])
  func v6(text: String, value: UInt128) {
    #expect(IPAddress(text) == IPAddress(v6: value))
    #expect(IPAddress(text)?.isIPv4 == false)
  }

  @Test(
    "Other text is refused",
    arguments: [
      "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "01.2.3.4",
      "1.2.3.04", "1.2.3.4 ", "0x1.2.3.4", "1.2.3.-4", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2::3", "12345::", "g::",
      "::1.2.3", "::1.2.3.4.5", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::1%",
      "[::1]", "::1/128", "1.2.3.4%eth0", "unix",
    ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(
    "A block holds what shares its prefix",
    arguments: [
      ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("10.1.2.3/8", "10.0.0.0", true), ("0.0.0.0/0", "255.255.255.255", true),
      ("10.0.0.7/32", "10.0.0.7", true), ("10.0.0.7/32", "10.0.0.6", false),
      ("10.0.0.7", "10.0.0.7", true), ("10.0.0.0/31", "10.0.0.1", true),
      ("10.0.0.0/31", "10.0.0.2", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
      ("::ffff:10.0.0.0/104", "10.9.9.9", true), ("::ffff:10.0.0.0/104", "11.0.0.0", false),
      ("::/0", "10.0.0.1", false), ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::", true),
      ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
      ("2001:db8::/33", "2001:db8:8000::", false), ("::1/128", "::1", true),
      ("::1/128", "::2", false), ("fe80::/10", "fe80::1%eth0", true), ("::/96", "10.0.0.1", false),
    ] as [(String, String, Bool)])
  func block(block: String, address: String, isInside: Bool) throws {
    let block = try #require(AddressBlock(block))
    let address = try #require(IPAddress(address))
    #expect(block.contains(address) == isInside)
  }

  @Test(
    "Other blocks are refused",
    arguments: [
      "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
      "10.0.0.0/8/8", "10.0.0/8", "::/129", "::/1000", "::ffff:10.0.0.0/95", "10.0.0.0/8 ",
      "10.0.0.0/255.0.0.0",
    ])
  func refusedBlock(text: String) {
    #expect(AddressBlock(text) == nil)
  }
}
