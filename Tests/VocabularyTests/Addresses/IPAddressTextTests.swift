import Testing
import Vocabulary

@Suite("The text of Internet addresses, RFC 5952")
struct IPAddressTextTests {
  @Test(
    "Each address has one form, whatever was read",
    arguments: [
      ("10.0.0.7", "10.0.0.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("::ffff:10.0.0.7", "10.0.0.7"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
      ("2001:DB8:0:0:0:0:0:7", "2001:db8::7"), ("2001:0db8::0001:0000", "2001:db8::1:0"),
      // A lone zero stays; of runs the longest goes, of two as long the first.
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"), ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
      ("64:ff9b::10.0.0.7", "64:ff9b::a00:7"), ("fe80::1%eth0", "fe80::1"),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ] as [(String, String)])
  func forms(text: String, form: String) throws {
    #expect(try #require(IPAddress(text)).description == form)
  }

  @Test("The form reads back as the same address")
  func roundTrip() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      // Groups that are often zero.
      let groups = (0..<8).map { _ in
        Bool.random(using: &generator) ? 0 : UInt128.random(in: 0...0xFFFF, using: &generator)
      }
      let address = IPAddress(v6: groups.reduce(0) { $0 << 16 | $1 })
      #expect(IPAddress(address.description) == address, "\(address)")
      let v4 = IPAddress(v4: .random(in: 0 ... .max, using: &generator))
      #expect(IPAddress(v4.description) == v4)
    }
  }
}
