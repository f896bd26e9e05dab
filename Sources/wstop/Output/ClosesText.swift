import ControlProtocol
import Vocabulary

/// Counts of closed sessions as text.
enum ClosesText {
  /// A row a code, a column an initiator.
  static func table(_ closes: [CloseCount]) -> Table {
    let kinds = CloseInitiator.Kind.allCases
    var counts: [CloseCode: [CloseInitiator.Kind: Int]] = [:]
    for close in closes { counts[close.code, default: [:]][close.by, default: 0] += close.count }
    return Table(
      // The kinds that closed none give way first.
      columns: [.fixed("CODE"), .left("NAME"), .right("TOTAL")]
        + kinds.map { kind in
          .right(
            kind.rawValue.uppercased(),
            turn: counts.values.contains { ($0[kind] ?? 0) > 0 } ? nil : 0)
        },
      rows: counts.sorted { $0.key < $1.key }.map { code, byKind in
        [
          Table.Cell("\(code.rawValue)"), Table.Cell(code.name ?? ""),
          cell(byKind.values.reduce(0, +)),
        ] + kinds.map { cell(byKind[$0] ?? 0) }
      })
  }

  private static func cell(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableCount(count), plain: String(count))
  }
}
