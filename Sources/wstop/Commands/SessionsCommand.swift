import ArgumentParser
import ControlProtocol
import EventLoop

struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List the sessions.",
    discussion: """
      Without a terminal the values are plain and separated by tabs: id, state, route, path, \
      address, port, age and idle in seconds, messages in and out, bytes in and out, largest, \
      backlog, round trip in milliseconds.

      Filters are such as: route=/ws/chat* addr=10.0.0.0/8 idle>5m in.bytes>1MiB !tls
      """)

  @OptionGroup var engine: EngineOptions

  @Option(help: "Only the sessions that match.", transform: SessionFilter.argument)
  var filter = SessionFilter()

  @Option(
    parsing: .unconditional, help: "The column to sort by, with - for the greatest first.",
    transform: SortArgument.init(argument:))
  var sort = SortArgument(SortKey.id)

  @Option(parsing: .unconditional, help: "At most so many.")
  var limit: Int?

  @Flag(help: "As one JSON object.")
  var json = false

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit wants a whole number from 0") }
  }

  func run() throws {
    let query = SessionQuery(
      filter: filter.description, sort: sort.key, isDescending: sort.isDescending, limit: limit)
    guard case .sessions(let list) = try engine.perform(.sessions(query)) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json {
      StandardOutput.writeJSON(list)
    } else {
      let table = SessionText.table(list.sessions, now: SystemClock.secondsSince1970())
      StandardOutput.write(table)
      if StandardOutput.isTerminal { StandardOutput.write(SessionText.footer(list) + "\n") }
    }
  }
}
