import ControlProtocol
import Testing

@Suite("Bytes as hexadecimal text")
struct HexBytesTests {
  @Test("Digits are read with spaces and colons between bytes")
  func reads() throws {
    #expect(try HexBytes.bytes(from: "00 fF:10\n7a") == [0, 255, 16, 122])
    #expect(try HexBytes.bytes(from: "") == [])
  }

  @Test("What is no byte is refused at its column")
  func refuses() {
    #expect(throws: HexBytes.Problem.notADigit(column: 4)) { try HexBytes.bytes(from: "00 g1") }
    #expect(throws: HexBytes.Problem.oddDigit) { try HexBytes.bytes(from: "001") }
    #expect(throws: HexBytes.Problem.oddDigit) { try HexBytes.bytes(from: "0 0") }
    #expect(throws: HexBytes.Problem.notADigit(column: 1)) { try HexBytes.bytes(from: "１１") }
  }
}
