import Testing

@testable import LoadGenerator

@Suite("wstop load: the sizes of messages")
struct MessageSizesTests {
  @Test(
    "Sizes are chosen from what was said",
    arguments: [("20", [20]), ("1,2KiB,0", [1, 2048, 0]), ("7..9", [7, 8, 9]), ("5..5", [5])])
  func sizes(text: String, all: [Int]) throws {
    let sizes = try #require(MessageSizes(text))
    #expect(Set((0..<1000).map { sizes.size(for: UInt64($0)) }) == Set(all))
    #expect(sizes.size(for: .max) >= 0)
    #expect(sizes.largest == all.max())
  }
}
