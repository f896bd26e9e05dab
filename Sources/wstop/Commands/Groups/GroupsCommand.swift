import ArgumentParser
import ControlProtocol

struct GroupsCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "groups",
    abstract: "Group the live sessions by route, address block, tag or user agent.",
    discussion: """
      Address blocks are /24 for IPv4 and /64 for IPv6; a session of several tags is in several \
      groups. An engine counts 4096 groups at most, and says how many sessions are in more. Without \
      a terminal the values are plain and separated by tabs: name, sessions, messages in and out a \
      second, bytes in and out a second, messages in and out, bytes in and out, backlog.
      """)

  @Option(
    help: ArgumentHelp(
      "The field: \(SessionGrouping.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "field"),
    transform: Self.grouping)
  var by = SessionGrouping.route

  @Option(help: "Only sessions that match.", transform: SessionFilter.argument)
  var filter: SessionFilter?

  @OptionGroup var options: GroupOptions

  /// The query.
  var query: GroupQuery {
    var query = options.query(.routes)
    query.by = by
    query.filter = filter.flatMap { $0.isEmpty ? nil : $0.description }
    return query
  }

  func request() -> ControlRequest { .groups(query) }

  func run() throws { try options.show(query) }

  private static func grouping(_ text: String) throws -> SessionGrouping {
    guard let field = SessionGrouping(rawValue: text) else {
      throw ValidationError(
        "--by is one of " + SessionGrouping.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return field
  }
}
