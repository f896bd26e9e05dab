import Vocabulary

/// A list of named values, one a line; missing ones are left out.
struct Fields {
  private(set) var table = Table(columns: [.left("FIELD"), .left("VALUE")], hasTitles: false)

  mutating func add(_ name: String, _ cell: Table.Cell) {
    table.rows.append([Table.Cell(name), cell])
  }

  mutating func add(_ name: String, _ text: String) {
    add(name, Table.Cell(text))
  }

  /// Adds text from the network, escaped.
  mutating func add(_ name: String, untrusted text: String?) {
    guard let text, !text.isEmpty else { return }
    add(name, UntrustedText.escaped(text))
  }

  mutating func add(_ name: String, count: Int) {
    add(name, Table.Cell(QuantityText.readableCount(count), plain: String(count)))
  }

  mutating func add(_ name: String, bytes: Int) {
    add(name, Table.Cell(QuantityText.readableBytes(bytes), plain: String(bytes)))
  }

  mutating func add(_ name: String, milliseconds: Double?) {
    guard let milliseconds else { return }
    add(
      name,
      Table.Cell(
        QuantityText.readableMilliseconds(milliseconds), plain: SessionText.decimal(milliseconds)))
  }
}
