import ArgumentParser
import Vocabulary

/// The parts of clients' requests that an engine neither shows nor keeps.
struct RedactionOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Redact what goes by this key in queries and headers too, besides access_token, token, key, "
        + "password and others; repeatable. off: redact nothing.", valueName: "key"))
  var redact: [String] = []

  func validate() throws {
    guard !redact.contains("off") || redact == ["off"] else {
      throw ValidationError("--redact off goes with no other --redact")
    }
    for key in redact where !Redaction.isKey(key) {
      throw ValidationError(
        "--redact \"\(UntrustedText.escaped(key))\": wants a key of a query or a header, of 1 to "
          + "\(Redaction.maximumKeyByteCount) bytes, or off")
    }
  }

  /// The redaction.
  var redaction: Redaction { redact == ["off"] ? .off : Redaction(adding: redact) }

  /// The same flags as words, for a child process.
  var arguments: [String] { redact.flatMap { ["--redact", $0] } }
}
