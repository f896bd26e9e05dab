import ArgumentParser
import ControlProtocol
import EventLoop
import Glibc
import LoadGenerator
import Vocabulary
import WebSocketProtocol

/// `wstop load`: many clients on a server of any make, and a report of its answers.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Put load on a WebSocket server of any make, and measure its replies.",
    discussion: """
      Without --rate the load is a closed loop: on each connection --window messages are in \
      flight, and a reply lets the next one go. The times are true round trips, but a server that \
      stalls also stops the questions, so a stall counts as one slow reply.

      With --rate messages go by the clock, whatever the server does, and the time of a reply is \
      counted from the instant at which its message was due. A stall of a second shows in every \
      message that was due in it: the percentiles are free of coordinated omission. What is not \
      answered in the end counts with the time that it has waited.

      Every connection is opened before the first message goes. Without a terminal the report is \
      one figure a line, times in microseconds. Ctrl-C ends early, with the report so far; again, \
      at once. The exit code is 69 if no connection could be opened.
      """)

  /// The descriptors kept for the program itself: its streams, and name resolution.
  private static let ownDescriptorCount = 16

  @Argument(help: "The server, such as ws://127.0.0.1:8080/ws/echo.")
  var url: String

  @OptionGroup(title: "Load") var load: LoadOptions
  @OptionGroup(title: "Connections") var connection: LoadConnectionOptions

  @Flag(help: "As one JSON object.")
  var json = false

  func validate() throws {
    let isSecure = try parsedURL().isSecure
    guard isSecure || !connection.insecure && connection.ca == nil else {
      throw ValidationError("--insecure and --ca are for wss:// URLs")
    }
  }

  func run() throws {
    // `signals` blocks them before any thread starts, so that all threads inherit the mask.
    let signals = try SignalDescriptor([SIGINT, SIGTERM])
    Syscalls.ignoreBrokenPipes()
    Syscalls.keepMemoryOfLargeMessages()
    let plan = try plan()
    try checkDescriptors(for: plan)
    let line = ProgressLine()
    let report: LoadReport
    do throws(SystemError) {
      report = try LoadRun(plan: plan).perform(signals: signals) { picture in
        line.show(LoadText.progress(picture, of: plan))
      }
    } catch {
      throw CommandFailure(error.description, exitCode: CommandFailure.refused)
    }
    line.clear()
    if json {
      StandardOutput.writeJSON(report)
    } else if StandardOutput.isTerminal {
      StandardOutput.write(LoadText.summary(report))
    } else {
      StandardOutput.write(LoadText.figures(report))
    }
    guard report.connections.opened > 0 || report.interrupted else {
      throw CommandFailure(
        "no connection could be opened: \(report.errors.first?.kind ?? "no reason known")",
        exitCode: CommandFailure.unavailable)
    }
  }

  private func parsedURL() throws -> WebSocketURL {
    let shown = UntrustedText.escaped(url)
    do throws(WebSocketURL.Failure) {
      return try WebSocketURL(url)
    } catch {
      throw ValidationError("\(shown): \(error.sentence)")
    }
  }

  /// The plan, with names looked up.
  private func plan() throws -> LoadPlan {
    let url = try parsedURL()
    var plan = LoadPlan(url: url, address: try Self.address(of: url))
    try load.apply(to: &plan)
    try connection.apply(to: &plan)
    return plan
  }

  /// The one address of the load: of several, the first that accepts a connection.
  private static func address(of url: WebSocketURL) throws(CommandFailure) -> ResolvedAddress {
    do throws(SystemError) {
      return try ResolvedAddress.listening(host: url.host, port: url.port)
    } catch {
      throw CommandFailure(
        "the host \(UntrustedText.escaped(url.host)) cannot be resolved: \(error.reason)",
        exitCode: CommandFailure.unavailable)
    }
  }

  private func checkDescriptors(for plan: LoadPlan) throws {
    let limit = try Syscalls.raiseDescriptorLimit()
    let room = limit - plan.descriptorCount + plan.connectionCount - Self.ownDescriptorCount
    guard plan.connectionCount <= room else {
      throw CommandFailure(
        "--connections \(plan.connectionCount): this process may open \(limit) descriptors, which "
          + "are enough for \(max(0, room)) connections (see ulimit -n)",
        exitCode: CommandFailure.usage)
    }
  }
}

/// A line on the standard error that is overwritten, if that is a terminal.
private struct ProgressLine {
  private let isShown = isatty(STDERR_FILENO) == 1
  private static let width = 78

  func show(_ text: String) {
    guard isShown else { return }
    let shown = text.prefix(Self.width)
    let padding = String(repeating: " ", count: Self.width - shown.count)
    _ = FileOutput.write(Array("\r\(shown)\(padding)\r".utf8), to: STDERR_FILENO)
  }

  func clear() { show("") }
}
