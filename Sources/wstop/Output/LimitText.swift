import ControlProtocol
import Vocabulary

/// Limits as text.
enum LimitText {
  static func table(_ limits: [LimitRow]) -> Table {
    Table(
      columns: [
        .left("LIMIT"), .right("VALUE"), .right("DEFAULT"), .left("SCOPE"), .left("SET BY"),
        .left("ON BREACH"),
      ],
      rows: limits.map { row in
        [
          Table.Cell(row.key.rawValue), Table.Cell(UntrustedText.escaped(row.value)),
          Table.Cell(UntrustedText.escaped(row.defaultValue)),
          Table.Cell(UntrustedText.escaped(row.scope.text)), Table.Cell(row.source.rawValue),
          Table.Cell(row.key.definition.onBreach),
        ]
      })
  }
}
