import ControlProtocol
import Testing

@Suite("JSON that is passed on without being decoded")
struct JSONLinesTests {
  @Test("It is what decoding and encoding would make of it, escaped")
  func same() throws {
    let row = Samples.row { $0.userAgent = "\u{1b}\u{7f}\u{9b}ü\u{202e}\u{1F600}\u{10FFFF}/\"" }
    let json = ControlJSON.encode(row)
    #expect(
      ControlJSON.ascii(json, isIndented: false) == ControlJSON.encodeASCII(row, isIndented: false))
    let indented = ControlJSON.ascii(json, isIndented: true)
    #expect(indented.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A })
    #expect(try ControlJSON.decode(SessionRow.self, from: indented) == row)
  }

  @Test("It is laid out in lines, and what stands in texts is left alone")
  func lines() {
    let json = #"{"a":[1,{"b":"x{[,:\"]é"}],"c":[],"d":{}}"#
    #expect(
      String(decoding: ControlJSON.ascii(json.utf8, isIndented: true), as: UTF8.self) == #"""
        {
          "a": [
            1,
            {
              "b": "x{[,:\"]\u00e9"
            }
          ],
          "c": [],
          "d": {}
        }
        """#)
  }
}
