import ArgumentParser
import ControlClient
import ControlProtocol
import History
import Vocabulary

struct HistoryCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show closed sessions, acts and changes of limits, the newest first.",
    discussion: """
      Moments are such as 2h (ago), \(MomentArgument.examples) or seconds since 1970; a day's name is \
      the last such day, from its start. A filter is of sessions, as code=1009 who=limit \
      route=/ws/chat*; with one only closed sessions are shown. \
      --json writes one JSON object a line.
      """)

  @OptionGroup var engine: EngineOptions

  @Option(help: "Only the closed sessions that match.", transform: SessionFilter.argument)
  var filter = SessionFilter()

  @Option(help: "Nothing before this moment.", transform: MomentArgument.init(argument:))
  var since: MomentArgument?

  @Option(help: "Nothing from this moment on.", transform: MomentArgument.init(argument:))
  var until: MomentArgument?

  @Option(
    help: ArgumentHelp(
      "Only these: \(HistoryEntry.Kind.allCases.map(\.rawValue).joined(separator: ", ")); "
        + "repeatable, or with commas between.", valueName: "kind"),
    transform: Self.kinds)
  var kind: [[HistoryEntry.Kind]] = []

  @Option(help: "At most so many. (default: all since --since, else 1000)")
  var limit: Int?

  @Option(
    help: ArgumentHelp("Read this file, whether an engine runs or not.", valueName: "path"),
    completion: .file())
  var file: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @Flag(help: "As comma-separated values, the names of the columns first.")
  var csv = false

  /// The most entries that are shown without `--limit` or `--since`.
  static let defaultLimit = 1000

  func validate() throws {
    guard !json || !csv else { throw ValidationError("--json and --csv exclude each other") }
    if let limit, limit < 0 { throw ValidationError("--limit wants a whole number from 0") }
    guard file == nil || engine.attachWords.isEmpty else {
      throw ValidationError(
        "--file is read without an engine: it excludes --name, --control and --connect")
    }
  }

  func request() -> ControlRequest { .history(query(limit: left)) }

  /// The most entries that are shown.
  private var left: Int { limit ?? (since == nil ? Self.defaultLimit : Int.max) }

  /// The query for so many entries, or for the first page of them.
  private func query(limit: Int) -> HistoryQuery {
    HistoryQuery(
      filter: filter.description, kinds: kind.flatMap(\.self), since: since?.seconds,
      until: until?.seconds, limit: min(limit, HistoryQuery.maximumLimit))
  }

  func run() throws {
    var left = left
    var query = query(limit: left)
    let read = try reader()
    if csv { StandardOutput.write(Array(HistoryText.table([]).csv.utf8)) }
    while left > 0 {
      query.limit = min(left, HistoryQuery.maximumLimit)
      let page = try read(query)
      left -= page.entries.count
      write(page.entries)
      guard let next = page.next else { return }
      query.cursor = next
    }
  }

  private func write(_ entries: [HistoryEntry]) {
    if json {
      for entry in entries {
        StandardOutput.write(ControlJSON.encodeASCII(entry, isIndented: false) + [0x0A])
      }
    } else if csv {
      StandardOutput.write(Array(HistoryText.table(entries).csvRows.utf8))
    } else if StandardOutput.isTerminal {
      for entry in entries { StandardOutput.write(HistoryText.line(entry) + "\n") }
    } else {
      StandardOutput.write(HistoryText.table(entries))
    }
  }

  /// The source of pages: the engine, on one connection, or a file.
  private func reader() throws -> (HistoryQuery) throws -> HistoryPage {
    if let file {
      do {
        let opened = try HistoryFile(path: file)
        return { query in
          do {
            return try opened.page(query)
          } catch {
            throw CommandFailure("\(error)", exitCode: CommandFailure.refused)
          }
        }
      } catch {
        throw CommandFailure(
          UntrustedText.escaped(error.description), exitCode: CommandFailure.refused)
      }
    }
    let target = try engine.target()
    do throws(ControlClientError) {
      let connection = try ControlConnection(to: target)
      return { query in
        do throws(ControlClientError) {
          guard
            case .history(let page) = try ControlClient.perform(.history(query), on: connection)
          else { throw .malformed("it is no page of the history") }
          return page
        } catch {
          throw CommandFailure(error)
        }
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func kinds(_ text: String) throws -> [HistoryEntry.Kind] {
    try text.split(separator: ",").map { word in
      guard let kind = HistoryEntry.Kind(rawValue: String(word)) else {
        throw ValidationError(
          "\"\(word)\" is no kind: they are "
            + HistoryEntry.Kind.allCases.map(\.rawValue).joined(separator: " "))
      }
      return kind
    }
  }
}
