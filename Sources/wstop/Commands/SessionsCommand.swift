import ArgumentParser
import ControlProtocol
import EventLoop

struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List the sessions.",
    discussion: """
      Without a terminal the values are plain and separated by tabs: id, state, route, path, \
      address, port, age and idle in seconds, messages in and out, bytes in and out, largest, \
      backlog, round trip in milliseconds; with --closed or --all also when it was closed in \
      seconds since 1970, the close code, who closed and the reason.

      Filters are such as: route=/ws/chat* addr=10.0.0.0/8 idle>5m in.bytes>1MiB !tls
      """)

  @OptionGroup var engine: EngineOptions

  @Option(
    help: "Only the sessions that match.", completion: .list(CompletionWords.filterKeys),
    transform: SessionFilter.argument)
  var filter = SessionFilter()

  @Option(
    parsing: .unconditional, help: "The column to sort by, with - for the greatest first.",
    completion: .list(CompletionWords.sortKeys), transform: SortArgument.init(argument:))
  var sort = SortArgument(SortKey.id)

  @Option(parsing: .unconditional, help: "At most so many.")
  var limit: Int?

  @OptionGroup var output: OutputOptions

  @Flag(help: "The sessions that were closed last, up to 10 000, instead of those that live.")
  var closed = false

  @Flag(help: "Those that live and those that were closed last.")
  var all = false

  func validate() throws {
    guard !closed || !all else { throw ValidationError("--closed and --all exclude each other") }
    if let limit, limit < 0 { throw ValidationError("--limit wants a whole number from 0") }
  }

  func run() throws {
    let query = SessionQuery(
      filter: filter.description, sort: sort.key, isDescending: sort.isDescending, limit: limit,
      show: show)
    guard case .sessions(let list) = try engine.perform(.sessions(query)) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(
      list,
      as: SessionText.table(
        list.sessions, now: SystemClock.secondsSince1970(), hasEndings: show.hasClosed))
    if StandardOutput.isTerminal, !output.json, !output.csv {
      StandardOutput.write(SessionText.footer(list) + "\n")
    }
  }

  private var show: SessionSelection { closed ? .closed : all ? .all : .live }
}
