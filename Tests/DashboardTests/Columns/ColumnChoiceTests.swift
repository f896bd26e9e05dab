import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Chosen columns")
struct ColumnChoiceTests {
  private func headings(
    _ keys: [SessionField], _ columns: Int, rates: ColumnChoice.RateMode = .totals,
    sort: SessionField = .id
  ) -> String {
    SessionColumn.fitting(ColumnChoice(keys, rates: rates), columns: columns, sort: sort)
      .map(\.heading).joined(separator: " ")
  }

  @Test("A choice has each column once, and is never empty")
  func sound() {
    #expect(ColumnChoice([]).keys == ColumnChoice.standard)
    #expect(ColumnChoice([.rooms, .id, .rooms]).keys == [.rooms, .id])
  }

  @Test("Rates stand beside totals, or in their places, each once")
  func rates() {
    let keys: [SessionField] = [.id, .bytesIn, .messagesOut, .messageRateOut]
    #expect(ColumnChoice(keys).shown == keys)
    #expect(
      ColumnChoice(keys, rates: .both).shown
        == [.id, .bytesIn, .byteRateIn, .messagesOut, .messageRateOut])
    #expect(ColumnChoice(keys, rates: .rates).shown == [.id, .byteRateIn, .messageRateOut])
  }

  @Test("Of chosen columns the rightmost give way, and the one that is sorted by goes last")
  func giveWay() {
    let keys: [SessionField] = [.userAgent, .id, .ratio, .tls, .wireIn, .rooms]
    #expect(headings(keys, 80) == "AGENT ID RATIO TLS WIRE IN ROOMS")
    #expect(headings(keys, 50) == "AGENT ID RATIO TLS WIRE IN")
    #expect(headings(keys, 50, sort: .rooms) == "AGENT ID RATIO TLS ROOMS")
    #expect(headings(keys, 10) == "AGENT")
  }

  @Test("The column that is sorted by is shown even if it was not chosen")
  func sorted() {
    #expect(headings([.id, .path], 80, sort: .subprotocol) == "ID PATH PROTOCOL")
    #expect(headings(ColumnChoice.standard, 60, sort: .wireOut).hasSuffix("WIRE OUT"))
  }

  @Test("At 80 columns rates of messages fit beside the totals, and alone")
  func ratesAt80() {
    #expect(
      headings(ColumnChoice.standard, 80, rates: .both)
        == "ID PATH ADDRESS MSG IN IN/S MSG OUT OUT/S")
    #expect(
      headings(ColumnChoice.standard, 80, rates: .rates)
        == "ID PATH ADDRESS IDLE IN/S OUT/S BACKLOG"
    )
    #expect(headings(ColumnChoice.standard, 20, rates: .both) == "ID PATH")
  }

  @Test("What is left over goes to the columns of texts, all of it")
  func widths() {
    for columns in 60..<260 {
      let shown = SessionColumn.fitting(
        ColumnChoice([.id, .path, .rooms, .userAgent]), columns: columns, sort: .id)
      #expect(4 + shown.reduce(0) { $0 + $1.width } + shown.count - 1 == columns)
      #expect(shown.allSatisfy { $0.width >= 9 })
    }
  }

  @Test("Every column has a heading with room for the arrow, and a text that is escaped")
  func everyColumn() {
    var hostile = row(1)
    hostile.route = "\u{1B}[31m"
    hostile.path = "/\u{202E}x"
    hostile.userAgent = "a\u{7}b"
    hostile.subprotocol = "\u{9B}2J"
    hostile.rooms = ["\u{1B}c", "b"]
    hostile.roomCount = 9
    hostile.address = "\u{1B}"
    let model = connected(columns: 300)
    for key in SessionField.columns {
      let column = SessionColumn(key, columns: 300)
      #expect(column.heading.count < max(column.width, 4) || !column.isNumber, "\(key)")
      let text = column.text(of: hostile, in: model.context)
      #expect(
        text.unicodeScalars.allSatisfy { DisplayWidth.cellUse(of: $0) != .replaced }, "\(key)")
      #expect(!key.title.isEmpty)
    }
    #expect(
      SessionColumn(.rooms, columns: 80).text(of: hostile, in: model.context).hasSuffix("b +7"))
  }

  @Test("Each column draws its cell within its width", arguments: SessionField.columns)
  func fits(field: SessionField) throws {
    var busy = row(1)
    busy.wireBytesIn = 9_999_999_999
    busy.wireBytesOut = 1 << 50
    busy.backlogPeakBytes = 1 << 40
    busy.messagesOut = 1_999_999_999_999
    busy.compressed = true
    busy.tls = true
    busy.rates = SessionRates()
    busy.rates?.messagesIn = 123_456
    busy.rates?.messagesOut = 9_999_999
    busy.rates?.bytesIn = 999_999_999
    busy.rates?.bytesOut = 1e12
    busy.ending = SessionEnding(code: .messageTooBig, reason: "", by: .operator, at: now - 90_000)
    for columns in [30, 80, 200] {
      var model = connected(columns: columns)
      let column = SessionColumn(field, columns: columns)
      let text = column.text(of: busy, in: model.context)
      if column.isNumber {
        #expect(DisplayWidth.of(text) <= column.width, "\(field): \(text)")
        #expect(text != "" && text != "–", "\(field)")
      }
      model.table.columns = ColumnChoice([field])
      let shown = SessionColumn.fitting(model.table.columns, columns: columns, sort: field)
      #expect(shown.map(\.key) == [field])
      let cell = DisplayWidth.padded(text, to: shown.first?.width ?? 0, right: column.isNumber)
      #expect(DisplayWidth.of(cell) == shown.first?.width, "\(field): \(cell)")
    }
  }

  @Test("Rates, ratio and what is not known as they are shown")
  func texts() {
    let model = connected()
    func text(_ key: SessionField, _ row: SessionRow) -> String {
      SessionColumn(key, columns: 80).text(of: row, in: model.context)
    }
    var busy = row(1)
    #expect(text(.messageRateIn, busy) == "–")
    #expect(text(.ratio, busy) == "–")
    busy.rates = SessionRates()
    #expect(text(.messageRateIn, busy) == "0" && text(.byteRateOut, busy) == "0")
    busy.rates?.messagesIn = 12_400
    busy.rates?.bytesOut = 3_250_586
    #expect(text(.messageRateIn, busy) == "12.4k")
    #expect(text(.byteRateOut, busy) == "3.1 MiB")
    busy.compressed = true
    busy.wireBytesIn = 1_000_000
    busy.wireBytesOut = 4_242_304
    #expect(text(.ratio, busy) == "3.2:1")
  }
}
