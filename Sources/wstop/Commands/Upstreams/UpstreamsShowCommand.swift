import ArgumentParser
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

struct UpstreamsShowCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "List the upstreams: state, sessions, what passes, and what failed.",
    discussion: """
      In is what came from the upstream, out what went to it. Without a terminal the values are \
      plain and separated by tabs: name, route, state, sessions, those being opened and ever \
      opened, messages in and out a second, bytes in and out a second, messages in and out, bytes \
      in and out, milliseconds to connect of the last session and smoothed, failures by reason, \
      seconds until it is tried again, the last failure's reason, seconds since then, its text.
      """)

  /// The longest wait for rates, which an engine takes two measurements for.
  private static let patience = Duration.seconds(4)

  @OptionGroup var engine: EngineOptions

  @Flag(help: "Do not wait a second to measure what passes in one.")
  var now = false

  @OptionGroup var output: OutputOptions

  func request() -> ControlRequest { .upstreams }

  func run() throws {
    var list = try engine.upstreams(request())
    let deadline = SystemClock.monotonic().advanced(by: Self.patience)
    while !now, list.upstreams.contains(where: { $0.rates == nil }),
      SystemClock.monotonic() < deadline
    {
      usleep(100_000)
      list = try engine.upstreams(request())
    }
    output.show(list)
    if StandardOutput.isTerminal, !output.json, !output.csv {
      StandardOutput.write(UpstreamText.footer(list) + "\n")
    }
  }
}

extension EngineOptions {
  /// The upstreams that an engine answers with.
  func upstreams(_ request: ControlRequest) throws -> UpstreamList {
    guard case .upstreams(let list) = try perform(request) else {
      throw CommandFailure.unexpectedAnswer
    }
    return list
  }
}

extension OutputOptions {
  /// Writes upstreams in the chosen form.
  func show(_ list: UpstreamList) { show(list, as: UpstreamText.table(list)) }
}
