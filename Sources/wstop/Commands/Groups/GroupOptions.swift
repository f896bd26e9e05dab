import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// The options of `wstop rooms`, `wstop routes` and `wstop groups`.
struct GroupOptions: ParsableArguments {
  @OptionGroup var engine: EngineOptions

  @Option(help: "Only those whose name contains this, whatever the case; * is any run.")
  var match: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      SortOrder.help(default: SortOrder(GroupSortKey.sessions)),
      discussion: "The columns: \(GroupSortKey.allCases.map(\.named).joined(separator: ", ")).",
      valueName: "column"),
    transform: SortOrder.argument)
  var sort = SortOrder(GroupSortKey.sessions)

  @Option(parsing: .unconditional, help: "At most so many.")
  var limit: Int?

  @Flag(help: "Do not wait a second to measure what passes in one.")
  var now = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit wants a whole number from 0") }
    guard (match ?? "").utf8.count <= GroupQuery.maximumNameByteCount else {
      throw ValidationError("--match has at most \(GroupQuery.maximumNameByteCount) bytes")
    }
  }

  /// The longest wait for rates, which an engine takes two measurements for.
  private static let patience = Duration.seconds(4)

  /// Lists the groups of a kind.
  func show(_ kind: GroupKind) throws { try show(query(kind)) }

  /// Lists the groups that a query asks for.
  func show(_ query: GroupQuery) throws {
    var list = try ask(query)
    let deadline = SystemClock.monotonic().advanced(by: Self.patience)
    while !now, list.groups.contains(where: { $0.rates == nil }),
      SystemClock.monotonic() < deadline
    {
      usleep(100_000)
      list = try ask(query)
    }
    output.show(list, as: GroupText.table(list, sortedBy: sort.key))
    if StandardOutput.isTerminal, !output.json, !output.csv {
      StandardOutput.write(GroupText.footer(list) + "\n")
    }
  }

  /// The query for a kind.
  func query(_ kind: GroupKind) -> GroupQuery {
    GroupQuery(
      kind, name: match ?? "", sort: sort.key,
      isDescending: sort.isDescending, limit: limit)
  }

  private func ask(_ query: GroupQuery) throws -> GroupList {
    guard case .groups(let list) = try engine.perform(.groups(query)) else {
      throw CommandFailure.unexpectedAnswer
    }
    return list
  }
}
