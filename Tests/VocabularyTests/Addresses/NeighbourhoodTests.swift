import Testing
import Vocabulary

@Suite("Blocks around addresses")
struct NeighbourhoodTests {
  @Test(
    "/24 for IPv4, also inside IPv6, and /64 for IPv6",
    arguments: [
      ("10.0.3.7", "10.0.3.0/24"), ("::ffff:10.0.3.7", "10.0.3.0/24"),
      ("255.255.255.255", "255.255.255.0/24"),
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::1", "::/64"),
      ("fe80::1:2:3:4", "fe80::/64"),
    ])
  func blocks(_ address: String, _ block: String) throws {
    let parsed = try #require(IPAddress(address))
    #expect(parsed.neighbourhood == block)
    #expect(try #require(AddressBlock(block)).contains(parsed))
  }
}
