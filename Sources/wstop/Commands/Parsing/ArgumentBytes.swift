import ArgumentParser
import ControlProtocol
import Glibc
import Synchronization
import Vocabulary

/// The words of the command line as bytes, which need not be UTF-8.
///
/// Names of files are kept byte by byte, in the form of `FileName`. Any other word that is not
/// UTF-8 is refused, since the program would send or look for another text than was typed.
enum ArgumentBytes {
  /// Whether a word has bytes that are kept in that form.
  private static let isUsed = Mutex(false)

  /// The words of this process, without the program's name.
  static func words() throws -> [String] {
    let bytes = (1..<max(1, Int(CommandLine.argc))).compactMap { index -> [UInt8]? in
      guard let word = CommandLine.unsafeArgv[index] else { return nil }
      return Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
    return try words(bytes)
  }

  /// The words as texts.
  ///
  /// - Throws: `CommandFailure` for a word that is not UTF-8 and names no file.
  static func words(_ words: [[UInt8]]) throws -> [String] {
    let texts = words.map(FileName.text)
    guard texts.contains(where: FileName.hasEscapes) else { return texts }
    let options = try fileOptions()
    return try texts.indices.map { index in
      let text = texts[index]
      guard FileName.hasEscapes(text) else { return text }
      if namesFile(text, after: index > 0 ? texts[index - 1] : "", options) {
        isUsed.withLock { $0 = true }
        return text
      }
      // The word is valid UTF-8, but has scalars that stand for bytes in names of files.
      if let text = String(validating: words[index], as: UTF8.self) { return text }
      throw CommandFailure(
        "argument \(index + 1), \"\(UntrustedText.escaped(bytes: words[index], limit: 60))\", is no "
          + "UTF-8: only names of files may have other bytes",
        exitCode: CommandFailure.usage)
    }
  }

  /// Whether a word is the value of an option that names files.
  private static func namesFile(
    _ word: String, after before: String, _ options: Set<String>
  ) -> Bool {
    let (name, value) = option(of: word, after: before)
    if name == "--listen" {
      return ["unix:", "tls:unix:"].contains { value.utf8.starts(with: $0.utf8) }
    }
    return options.contains(name)
  }

  /// The option whose value is the word, which stands before it or in it, as `--option=value`.
  private static func option(
    of word: String, after before: String
  ) -> (name: String, value: Substring) {
    guard word.hasPrefix("--"), let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      return (before, word[...])
    }
    return (String(word[..<equals]), word[word.utf8.index(after: equals)...])
  }

  /// The options whose values name files, as the parser completes them.
  static func fileOptions() throws -> Set<String> {
    let dump = try ControlJSON.decode(ParserDump.self, from: WStop._dumpHelp().utf8)
    return Set(dump.command.fileOptions)
  }

  /// A line for people: bytes of files' names as `\xff`.
  static func shown(_ line: String) -> String {
    guard isUsed.withLock({ $0 }) else { return line }
    var text = ""
    for scalar in line.unicodeScalars {
      let one = String(scalar)
      text += FileName.hasEscapes(one) ? FileName.shown(one) : one
    }
    // Such scalars may have been escaped already, as `\u{10ffXX}`.
    return text.replacing(/\\u\{10ff([89a-f][0-9a-f])\}/) { "\\x\($0.1)" }
  }
}

/// The part of the parser's description with the options whose values name files.
private struct ParserDump: Decodable {
  struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        var name: String
      }

      struct Completion: Decodable {
        struct File: Decodable {}
        var file: File?
      }

      var names: [Name]?
      var completionKind: Completion?
    }

    var subcommands: [Command]?
    var arguments: [Argument]?

    var fileOptions: [String] {
      (arguments ?? []).filter { $0.completionKind?.file != nil }
        .flatMap { ($0.names ?? []).map { "--" + $0.name } }
        + (subcommands ?? []).flatMap(\.fileOptions)
    }
  }

  var command: Command
}
