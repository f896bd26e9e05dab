import ControlProtocol
import Testing

@Suite("The order of a table, as it is typed and saved")
struct SortOrderTests {
  @Test(
    "A sign says which end comes first; without one it is the column's own",
    arguments: [
      ("in.bytes", SessionField.bytesIn, true, "in.bytes"),
      ("-in.bytes", .bytesIn, true, "in.bytes"), ("+in.bytes", .bytesIn, false, "+in.bytes"),
      ("path", .path, false, "path"), ("+path", .path, false, "path"),
      ("-path", .path, true, "-path"),
    ])
  func signs(text: String, key: SessionField, isGreatestFirst: Bool, shortest: String) throws {
    let order = try SortOrder<SessionField>(text)
    #expect(order.key == key && order.isGreatestFirst == isGreatestFirst)
    #expect(order.text == shortest)
    #expect(try SortOrder<SessionField>(order.text).isGreatestFirst == isGreatestFirst)
  }

  @Test("Every column can be written with either end first", arguments: SessionField.columns)
  func roundTrip(key: SessionField) throws {
    for isDescending in [false, true] {
      let order = SortOrder(key, isDescending: isDescending)
      #expect(try SortOrder<SessionField>(order.text).isGreatestFirst == isDescending)
    }
  }

  @Test(
    "A title, a heading or a misspelt key is answered with the key and its title",
    arguments: [
      ("bytes/s in", "in.bytes/s (bytes/s in)"), ("B IN/S", "in.bytes/s (bytes/s in)"),
      ("BYTES IN/S", "in.bytes/s (bytes/s in)"), ("-rtt.", "rtt (round trip)"),
      ("idel", "idle"), ("+adr", "addr (address)"),
    ])
  func nearest(text: String, named: String) {
    let error = #expect(throws: UnknownColumn.self) { try SortOrder<SessionField>(text) }
    #expect(error?.description.hasSuffix("; the nearest is \(named)") == true, "\(error!)")
  }

  @Test("What is like none lists all, and is escaped", arguments: ["colour!", "", "\u{1B}[2J"])
  func unknown(text: String) {
    let error = #expect(throws: UnknownColumn.self) { try SortOrder<SessionField>(text) }
    #expect(error?.description.contains("they are id route path") == true)
    #expect(error?.description.contains("\u{1B}") == false)
  }
}
