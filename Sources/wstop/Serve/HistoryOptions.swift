import ArgumentParser
import ControlProtocol
import EventLoop
import History
import Vocabulary

/// The place and the size of an engine's history.
struct HistoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep closed sessions, acts and changes of limits in this SQLite file; off: only the last "
        + "10 000, in memory. (default: NAME.history in $STATE_DIRECTORY, $XDG_STATE_HOME/wstop or "
        + "~/.local/state/wstop)", valueName: "path"), completion: .file())
  var history: String?

  @Option(help: ArgumentHelp("Forget what is so many days old. (default: 30)", valueName: "days"))
  var historyDays: Int?

  @Option(
    help: ArgumentHelp(
      "Forget the oldest when the file with its write-ahead log uses so many bytes. (default: "
        + "256MiB)", valueName: "size"),
    transform: Self.byteCount)
  var historyBytes: Int?

  func validate() throws {
    if let historyDays, !(1...36_500).contains(historyDays) {
      throw ValidationError("--history-days \(historyDays): wants 1 to 36500")
    }
    guard history != "" else { throw ValidationError("--history wants a path, or off") }
    guard history != "off" || historyDays == nil && historyBytes == nil else {
      throw ValidationError(
        "--history-days and --history-bytes are for a file: with --history off there is none")
    }
  }

  private static func byteCount(_ text: String) throws -> Int {
    guard let count = QuantityText.bytes(from: text),
      (HistorySettings.leastByteCount...1 << 50).contains(count)
    else {
      throw ValidationError(
        "\"\(text)\": wants a size from 1MiB on, such as 256MiB"
          + (QuantityText.faultOfBytes(text).map { "; \($0)" } ?? ""))
    }
    return count
  }

  /// The settings of an engine's history; makes the directory of the default file.
  func settings(of path: ControlPath, run: String) -> HistorySettings {
    var settings = HistorySettings(path: history == "off" ? nil : history)
    settings.run = run
    settings.maximumAge = .seconds((historyDays ?? 30) * 86_400)
    settings.maximumByteCount = historyBytes ?? 256 << 20
    guard history == nil else { return settings }
    settings.path = Self.defaultPath(of: path)
    // The directory of a socket with a relative path exists already.
    settings.directory = settings.path.flatMap { path in
      FileName.isAbsolute(path)
        ? "/" + FileName.names(in: path).dropLast().joined(separator: "/") : nil
    }
    return settings
  }

  /// The default path of an engine's history; nil if there is no directory for it.
  static func defaultPath(
    of path: ControlPath, environment: (String) -> String? = { Environment[$0] }
  ) -> String? {
    func directory(_ name: String, _ rest: String) -> String? {
      guard let value = environment(name)?.utf8.split(separator: UInt8(ascii: ":")).first,
        FileName.isAbsolute(Substring(value))
      else { return nil }
      return Substring(value) + rest
    }
    guard let name = path.name else { return path.history }
    let found =
      directory("STATE_DIRECTORY", "") ?? directory("XDG_STATE_HOME", "/wstop")
      ?? directory("HOME", "/.local/state/wstop")
    return found.map { "\($0)/\(name).history" }
  }

  /// The same flags as words, for a child process.
  var arguments: [String] {
    var words: [String] = []
    if let history { words += ["--history", history] }
    if let historyDays { words += ["--history-days", String(historyDays)] }
    if let historyBytes {
      words += ["--history-bytes", QuantityText.exactBytes(historyBytes)]
    }
    return words
  }
}
