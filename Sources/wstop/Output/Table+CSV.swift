import Vocabulary

extension Table {
  /// The table as comma-separated values (RFC 4180, with the line ends of Unix): the names of the
  /// columns, then the forms for programs.
  ///
  /// A value that a spreadsheet would calculate has an apostrophe in front. Beside a moment in
  /// seconds since 1970 stands its time by ISO 8601, as `NAME.time`.
  var csv: String {
    header.flatMap { times.contains($0) ? [$0, $0 + ".time"] : [$0] }.joined(separator: ",") + "\n"
      + csvRows
  }

  /// The rows without the names of the columns, to follow earlier rows.
  var csvRows: String {
    let isTime = header.map(times.contains)
    return rows.map { row in
      row.compactMap(\.plain).enumerated().flatMap { index, plain in
        let field = UntrustedText.csvField(escaped: plain)
        guard index < isTime.count, isTime[index] else { return [field] }
        return [field, Double(plain).flatMap(EventText.isoTime) ?? ""]
      }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// The names of the columns, else the titles in lower case.
  private var header: [String] {
    names ?? columns.map { $0.title.lowercased().replacing(" ", with: "-") }
  }
}
