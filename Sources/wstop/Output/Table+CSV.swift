import Vocabulary

extension Table {
  /// The table as comma-separated values (RFC 4180, with the line ends of Unix): the names of the
  /// columns, then the forms for programs.
  ///
  /// A value that a spreadsheet would calculate has an apostrophe in front.
  var csv: String { header.joined(separator: ",") + "\n" + csvRows }

  /// The rows without the names of the columns, to follow earlier rows.
  var csvRows: String {
    rows.map { row in
      row.map { UntrustedText.csvField(escaped: $0.plain) }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// The names of the columns, else the titles in lower case.
  private var header: [String] {
    names ?? columns.map { $0.title.lowercased().replacing(" ", with: "-") }
  }
}
