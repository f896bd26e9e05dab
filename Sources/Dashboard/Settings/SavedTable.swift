package import ControlProtocol

/// How the session table was arranged when that was saved, in `table.conf`.
package struct SavedTable: Equatable, Sendable {
  /// The columns, and what those of traffic show.
  package var columns = ColumnChoice()
  /// The column to sort by.
  package var sort = SortKey.id
  /// Whether the greatest comes first.
  package var isDescending = SortKey.id.isDescendingByDefault

  /// The form of the file that this program writes.
  static let version = 1

  /// The table as it is without a file.
  package init() {}

  /// Why a file cannot be used.
  package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line is wrong.
    case problem(SettingsProblem)
    /// A newer program has written it.
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

  /// Reads a file.
  ///
  /// - Throws: `Fault`; then the table is as without a file.
  package init(_ text: String) throws(Fault) {
    let (lines, problems) = SettingsText.lines(of: text)
    if let line = lines.first(where: { $0.name == "version" }), line.value != "\(Self.version)" {
      guard let version = Int(line.value), version > Self.version else {
        throw .problem(SettingsProblem(line: line.number, text: "version is \(Self.version)"))
      }
      throw .newer(version: "\(version)")
    }
    if let problem = problems.first { throw .problem(problem) }
    var mode = ColumnChoice.RateMode.totals
    for line in lines {
      func problem(_ text: String) -> Fault {
        .problem(SettingsProblem(line: line.number, text: text))
      }
      func key(_ word: String) throws(Fault) -> SortKey {
        guard let key = SortKey(rawValue: word) else {
          throw problem(
            "no column is called \(SettingsProblem.quoted(word)): they are "
              + SortKey.allCases.map(\.rawValue).joined(separator: " "))
        }
        return key
      }
      switch line.name {
      case "version": break
      case "columns":
        var keys: [SortKey] = []
        for word in SettingsText.words(of: line.value) { keys.append(try key(word)) }
        guard !keys.isEmpty else { throw problem("columns names one column at least") }
        columns = ColumnChoice(keys)
      case "rates":
        guard let wanted = ColumnChoice.RateMode(rawValue: line.value) else {
          throw problem("rates is totals, both or rates")
        }
        mode = wanted
      case "sort":
        isDescending = line.value.hasPrefix("-")
        sort = try key(isDescending ? String(line.value.dropFirst()) : line.value)
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
    sort = \(isDescending ? "-" : "")\(sort.rawValue)

    """
  }
}
