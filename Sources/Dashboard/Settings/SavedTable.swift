package import ControlProtocol

/// The arrangement of the session table, as saved in `table.conf`.
package struct SavedTable: Equatable, Sendable {
  /// The columns, with the mode of those of traffic.
  package var columns = ColumnChoice()
  /// The column to sort by.
  package var sort = SessionField.id
  /// Whether the greatest comes first.
  package var isDescending = SessionField.id.isDescendingByDefault

  /// The version of the file format; in the first one a column to sort by without a `-` before it
  /// meant the least first, and not the column's own order.
  static let version = 2

  /// The default arrangement.
  package init() {}

  /// Why a file cannot be used.
  package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line is invalid.
    case problem(SettingsProblem)
    /// A newer version of the program has written it.
    case newer(version: String)

    /// The sentence; safe to draw.
    package var description: String {
      switch self {
      case .problem(let problem): problem.description
      case .newer(let version):
        "a newer wstop has written it (version \(version); this one reads \(SavedTable.version))"
      }
    }
  }

  /// Parses a file.
  ///
  /// - Throws: `Fault`; the caller keeps the default arrangement.
  package init(_ text: String) throws(Fault) {
    let (lines, problems) = SettingsText.lines(of: text)
    var version = Self.version
    if let line = lines.first(where: { $0.name == "version" }) {
      guard let written = Int(line.value), written > 0 else {
        throw .problem(SettingsProblem(line: line.number, text: "version is \(Self.version)"))
      }
      guard written <= Self.version else { throw .newer(version: "\(written)") }
      version = written
    }
    if let problem = problems.first { throw .problem(problem) }
    var mode = ColumnChoice.RateMode.totals
    for line in lines {
      func problem(_ text: String) -> Fault {
        .problem(SettingsProblem(line: line.number, text: text))
      }
      func key(_ word: String) throws(Fault) -> SessionField {
        guard let key = SessionField(column: word) else {
          throw problem(UnknownColumn(word, among: SessionField.self).description)
        }
        return key
      }
      switch line.name {
      case "version": break
      case "columns":
        var keys: [SessionField] = []
        for word in SettingsText.words(of: line.value) { keys.append(try key(word)) }
        guard !keys.isEmpty else { throw problem("columns names one column at least") }
        columns = ColumnChoice(keys)
      case "rates":
        guard let wanted = ColumnChoice.RateMode(rawValue: line.value) else {
          throw problem("rates is totals, both or rates")
        }
        mode = wanted
      case "sort":
        do throws(UnknownColumn) {
          let order = try SortOrder<SessionField>(line.value)
          sort = order.key
          isDescending = version < 2 ? order.isDescending == true : order.isGreatestFirst
        } catch {
          throw problem("\(error.description); \(SortOrder<SessionField>.rule)")
        }
      default:
        throw problem(
          "nothing is called \(SettingsProblem.quoted(line.name)): there are columns, rates, sort")
      }
    }
    columns.rates = mode
  }

  /// The file's text.
  package var text: String {
    """
    # How `wstop top` arranges its session table. It writes this file: F2 and ^S.
    version = \(Self.version)
    columns = \(columns.keys.map(\.rawValue).joined(separator: " "))
    rates = \(columns.rates.rawValue)
    sort = \(isDescending ? "-" : "+")\(sort.rawValue)

    """
  }
}
