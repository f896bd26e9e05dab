import ArgumentParser

/// The form in which a command writes its table.
struct OutputOptions: ParsableArguments {
  @Flag(help: "As one JSON object.")
  var json = false

  @Flag(help: "As comma-separated values, the names of the columns first.")
  var csv = false

  func validate() throws {
    guard !json || !csv else { throw ValidationError("--json and --csv exclude each other") }
  }

  /// Writes a value in the chosen form.
  func show(_ value: some Encodable, as table: @autoclosure () -> Table) {
    if json {
      StandardOutput.writeJSON(value)
    } else {
      show(table())
    }
  }

  /// Writes a table that has no JSON form.
  func show(_ table: Table) {
    if csv {
      StandardOutput.write(Array(table.csv.utf8))
    } else {
      StandardOutput.write(table)
    }
  }
}
