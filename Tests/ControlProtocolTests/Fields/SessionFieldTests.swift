import Testing
import Vocabulary

@testable import ControlProtocol

@Suite("The table of session fields")
struct SessionFieldTests {
  /// A closed session, of which every field says something.
  private static let row = Samples.row { row in
    row.wireBytesIn = 2 << 20
    row.wireBytesOut = 5 << 20
    row.backlogPeakBytes = 4096
    row.compressed = true
    row.tapped = true
    row.throttled = true
    row.subprotocol = "mqtt"
    row.query = "lang=de"
    row.rates = SessionRates()
    row.rooms = ["lobby"]
    row.roomCount = 1
    row.tags = ["user:olga"]
    row.state = .closed
    row.ending = SessionEnding(
      code: .messageTooBig, reason: "", by: .limit(.messageBytes), at: Samples.now - 60)
    row.ending?.actor = "olga"
  }

  @Test("Each field has a name, a title and a heading that no other has, and a sentence")
  func distinct() {
    let fields = SessionField.allCases
    #expect(Set(fields.map(\.rawValue)).count == fields.count)
    #expect(Set(fields.map(\.title)).count == fields.count)
    let columns = fields.compactMap(\.definition.column)
    #expect(columns.count == SessionField.columns.count)
    #expect(Set(columns.map(\.heading)).count == columns.count)
    #expect(Set(columns.map(\.longHeading)).count == columns.count)
    for field in fields {
      #expect(!field.title.isEmpty && !field.definition.help.isEmpty, "\(field)")
      #expect(!field.definition.help.hasSuffix("."), "\(field)")
      #expect(field.definition.column != nil || field.definition.filter != nil, "\(field)")
    }
  }

  @Test(
    "Each example is a filter by its field, and what has none is no key",
    arguments: SessionField.allCases)
  func examples(field: SessionField) throws {
    guard let example = field.definition.filter else {
      #expect(throws: FilterError.self) { try SessionFilter("\(field.rawValue)=1") }
      return
    }
    let filter = try SessionFilter(example)
    #expect(filter.uses(field) && filter.description == example)
    #expect(try SessionFilter("!" + example).uses(field))
    let offered = FilterCompletion(of: "", knowing: KnownValues()).candidates.map(\.label)
    #expect(offered.contains(field.rawValue))
    #expect(SessionFilter.vocabulary.contains { $0.hasPrefix(field.rawValue) })
    #expect(filter.usesRates == (field.definition.origin == .lastSecond))
    #expect(filter.isSettledAtOpening == (field.definition.origin == .opening))
    #expect(filter.ofRoomsAndTags.isEmpty == (field.definition.origin != .handlers))
    #expect(filter.keyOfClosed == (field.definition.origin == .ending ? field.rawValue : nil))
  }

  @Test(
    "Each field has a value, a number, texts or a flag, by its kind",
    arguments: SessionField.allCases)
  func values(field: SessionField) {
    let row = Self.row
    switch field.kind {
    case .flag: #expect(row.flag(field))
    case .id, .text, .names, .address, .initiator:
      #expect(!row.texts(field).isEmpty)
      #expect(row.hasText(field) { $0.count > 0 } == true)
    case .state, .rooms:
      #expect(row.number(field, now: Samples.now).number != nil && !row.texts(field).isEmpty)
    case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio:
      #expect(row.number(field, now: Samples.now).number != nil)
      #expect(row.texts(field).isEmpty)
    }
  }

  @Test("A table can be sorted by what has a column, and by nothing else")
  func sortable() throws {
    for field in SessionField.allCases {
      let text = "sort=\(field.rawValue.replacing("/", with: "%2F"))"
      let json = #"{"sort":"\#(field.rawValue.replacing("/", with: "\\/"))"}"#
      if field.definition.column == nil {
        #expect(throws: ControlError.self) { try SessionQuery(queryString: text) }
        #expect(throws: (any Error).self) {
          try ControlJSON.decode(SessionQuery.self, from: Array(json.utf8))
        }
      } else {
        #expect(try SessionQuery(queryString: text).sort == field)
        #expect(try ControlJSON.decode(SessionQuery.self, from: Array(json.utf8)).sort == field)
      }
    }
  }

  @Test("Names and order of the columns, and those that a table has by itself")
  func columns() {
    #expect(
      SessionField.names
        == "id route path query addr port state age idle in.messages out.messages in.bytes out.bytes "
        + "largest backlog rtt in.messages/s out.messages/s in.bytes/s out.bytes/s in.wire out.wire "
        + "ratio backlog.peak dropped tls subprotocol ua rooms tag closed code who actor")
    #expect(SessionField.flags == [.tls, .compressed, .tapped, .throttled])
    for field in SessionField.columns {
      let rate = field.definition.column?.rate
      #expect(rate?.isRate ?? true && rate?.kind == rate.map { _ in field.kind })
    }
  }
}
