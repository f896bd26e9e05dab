import ArgumentParser
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

struct SessionsCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List the sessions.",
    discussion: """
      Without a terminal the values are plain and separated by tabs: id, state, route, path, \
      address, port, age and idle in seconds, messages in and out, bytes in and out, largest, \
      backlog, round trip in milliseconds; with --closed or --all also when it was closed in \
      seconds since 1970, the close code, who closed and the reason.

      With --columns they are the columns that it names; a terminal also shows the one that --sort \
      names. Rates take a second to be measured.

      The columns are: \(SessionField.columns.map(\.named).joined(separator: ", ")).

      Filters are such as: route=/ws/chat* addr=10.0.0.0/8 idle>5m in.bytes>1MiB !tls
      """)

  @OptionGroup var engine: EngineOptions

  @Option(
    help: "Only the sessions that match.", completion: .list(CompletionWords.filterKeys),
    transform: SessionFilter.argument)
  var filter = SessionFilter()

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(SortOrder.help(default: SortOrder(SessionField.id)), valueName: "column"),
    completion: .list(CompletionWords.sortKeys), transform: SortOrder.argument)
  var sort: SortOrder<SessionField>?

  @Option(parsing: .unconditional, help: "At most so many.")
  var limit: Int?

  @Option(
    help: "The columns, separated by commas, such as id,path,in.messages/s,rooms.",
    transform: Self.columns)
  var columns: [SessionField] = []

  @Flag(help: "With --json: also what each session did in the last second.")
  var rates = false

  @OptionGroup var output: OutputOptions

  @Flag(help: "The sessions that were closed last, up to 10 000, instead of those that live.")
  var closed = false

  @Flag(help: "Those that live and those that were closed last.")
  var all = false

  func validate() throws {
    guard !closed || !all else { throw ValidationError("--closed and --all exclude each other") }
    if let limit, limit < 0 { throw ValidationError("--limit wants a whole number from 0") }
  }

  func request() -> ControlRequest {
    let sort = sort ?? SortOrder(SessionField.id)
    var query = SessionQuery(
      filter: filter.description, sort: sort.key, isDescending: sort.isDescending, limit: limit,
      show: show)
    query.wantsRates = rates || columns.contains(where: \.isRate)
    query.wantsRooms = columns.contains(.rooms) || sort.key == .rooms
    query.wantsQuery = columns.contains(.query) || sort.key == .query
    return .sessions(query)
  }

  func run() throws {
    // The JSON goes out as the engine has written it, without being decoded.
    if output.json {
      return StandardOutput.writeJSON(
        try untilRatesAreKnown {
          let json = try engine.json(of: request())
          return (json, json["hasRates"]?.text != "false")
        })
    }
    let list = try untilRatesAreKnown {
      guard case .sessions(let list) = try engine.perform(request()) else {
        throw CommandFailure.unexpectedAnswer
      }
      return (list, list.hasRates != false)
    }
    let now = SystemClock.secondsSince1970()
    let table =
      columns.isEmpty
      ? SessionText.table(
        list.sessions, now: now, sortedBy: sort?.key ?? .id, hasEndings: show.hasClosed)
      : SessionText.table(list.sessions, columns: columns, now: now, sortedBy: sort?.key)
    output.show(list, as: table)
    if StandardOutput.isTerminal, !output.csv {
      let missing = columns.isEmpty ? [] : table.titlesWithoutRoom(as: StandardOutput.form)
      StandardOutput.write(
        SessionText.footer(list, isFiltered: !filter.isEmpty, show: show)
          + (missing.isEmpty
            ? "" : "; no room for \(missing.joined(separator: ", ")): --csv has all") + "\n")
    }
  }

  /// The selection of live sessions, closed ones, or both.
  var show: SessionSelection { closed ? .closed : all ? .all : .live }

  /// The longest wait for rates, which are differences of two seconds.
  private static let patience = Duration.seconds(5)

  /// Asks for the sessions until their rates are known, if the list has rates.
  private func untilRatesAreKnown<Answer>(
    _ ask: () throws -> (answer: Answer, isKnown: Bool)
  ) throws -> Answer {
    let deadline = SystemClock.monotonic().advanced(by: Self.patience)
    while true {
      let (answer, isKnown) = try ask()
      guard !isKnown, SystemClock.monotonic() < deadline else { return answer }
      usleep(200_000)
    }
  }

  private static func columns(_ text: String) throws -> [SessionField] {
    let keys = try text.split(separator: ",").map { word in
      guard let key = SessionField(column: String(word)) else {
        throw ValidationError(UnknownColumn(String(word), among: SessionField.self).description)
      }
      return key
    }
    guard !keys.isEmpty else { throw ValidationError("--columns names one column at least") }
    return keys
  }
}
