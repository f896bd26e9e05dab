import ArgumentParser
import ControlProtocol

struct RoutesCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes", abstract: "List the routes: sessions, and what passes on them.",
    discussion: """
      Without a terminal the values are plain and separated by tabs: pattern, sessions, messages \
      in and out a second, bytes in and out a second, messages in and out, bytes in and out.
      """)

  @OptionGroup var options: GroupOptions

  func request() -> ControlRequest { .groups(options.query(.routes)) }

  func run() throws { try options.show(.routes) }
}
