import TestSupport
import Testing

@Suite("Elements of what a program said")
struct OffsetTests {
  @Test("What is there is given, what is not there is an error that shows all there is")
  func element() throws {
    let lines = ["a", "b", "c"].dropFirst()
    #expect(try lines.at(0) == "b")
    #expect(try lines.at(0..<2) == ["b", "c"])
    #expect(try "xy".at(1) == "y")
    for offset in [-1, 2, .max] {
      let error = #expect(throws: NoElement.self) { try lines.at(offset) }
      #expect(error?.description == "no element \(offset) of 2: [\"b\", \"c\"]")
    }
    #expect(throws: NoElement.self) { try lines.at(1..<3) }
    #expect(throws: NoElement.self) { try [Int]().at(0) }
  }
}
