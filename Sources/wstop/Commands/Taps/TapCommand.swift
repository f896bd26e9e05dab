import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Vocabulary

struct TapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tap", abstract: "Show the messages of a session, or of those that match.",
    discussion: """
      Both directions, control frames and closes included; of each message the first 4 KiB. What \
      is too much is skipped and counted. Without a terminal the values are plain and separated \
      by tabs: time, session, direction, kind, bytes, compressed bytes, close code, payload.

      An engine that was started with --tap off shows nothing. Every tap is in the event log.
      """)

  @OptionGroup var engine: EngineOptions

  @Argument(help: "The session's ID, such as s-4k2.", transform: SessionID.argument)
  var id: SessionID?

  @Option(
    help: "The sessions that match, now or later; an empty filter is all of them.",
    transform: SessionFilter.argument)
  var filter: SessionFilter?

  @Option(
    help: "Only what goes this way: in (from the client) or out.", transform: Self.direction)
  var direction: TapDirection?

  @Option(
    help: ArgumentHelp(
      "Only these: \(TapKind.allCases.map(\.rawValue).joined(separator: ", ")), with commas "
        + "between.", valueName: "kinds"),
    transform: Self.kinds)
  var kind: [TapKind]?

  @Option(help: "Only messages of at least so many bytes.", transform: Self.bytes)
  var min: Int?

  @Option(help: "Only messages of at most so many bytes.", transform: Self.bytes)
  var max: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Only messages with this in their first 4 KiB, whatever the case; !TEXT: only those without "
        + "it; \\!TEXT: with an exclamation mark at the start."))
  var text: String?

  @Option(help: "At most so many messages a second, 1 to 10000. (default: 500)")
  var rate: Int?

  @Flag(help: "One JSON object a message.")
  var json = false

  @Flag(help: "The payloads as hexadecimal bytes.")
  var hex = false

  @Option(
    name: .customLong("for"), help: "End after a time, such as 10s.", transform: Self.duration)
  var milliseconds: Int?

  @Option(help: "End after so many messages.")
  var count: Int?

  func validate() throws {
    guard (id == nil) != (filter == nil) else {
      throw ValidationError(
        id == nil ? "a session's ID or --filter is wanted" : "an ID and --filter exclude each other"
      )
    }
    guard rate.map((1...10_000).contains) ?? true else {
      throw ValidationError("--rate is 1 to 10000")
    }
    guard count.map({ $0 > 0 }) ?? true else { throw ValidationError("--count is at least 1") }
    guard !json || !hex else { throw ValidationError("--json and --hex exclude each other") }
    _ = try validating { () throws(ControlError) in try options.checked() }
  }

  func run() throws {
    guard !engine.readOnly else { throw EngineOptions.readOnlyFailure }
    let target = try engine.target()
    do throws(ControlClientError) {
      try tap(target)
    } catch {
      // A session that is gone ends the tap, and is no failure.
      if case .closed(.normalClosure, let reason) = error {
        return StandardError.write("wstop: \(UntrustedText.escaped(reason))")
      }
      throw CommandFailure(error)
    }
  }

  /// The filter of messages.
  var options: TapOptions {
    TapOptions(
      direction: direction, kinds: kind, minimumBytes: min, maximumBytes: max, text: text)
  }

  /// The tap to ask for.
  var request: TapRequest {
    TapRequest(
      id.map { .session($0) } ?? .filter(filter?.description ?? ""), options: options,
      messagesPerSecond: rate ?? TapRequest.defaultMessagesPerSecond)
  }

  private func tap(_ target: ControlTarget) throws(ControlClientError) {
    let connection = try TapConnection(to: target, request)
    let now = SystemClock.monotonic()
    let end =
      milliseconds.map { now.advanced(by: .milliseconds($0)) } ?? Instant(nanoseconds: .max)
    var shownCount = 0
    var hasBegun = false
    while shownCount < count ?? .max {
      // An engine that is alive sends the number of sessions at once.
      let patience = SystemClock.monotonic().advanced(by: ControlClient.defaultTimeout)
      let deadline = hasBegun ? end : Swift.min(end, patience)
      guard let batches = try ControlClient.nextBatches(on: connection, until: deadline) else {
        guard hasBegun || deadline == end else { throw .timedOut }
        return
      }
      hasBegun = true
      for batch in batches {
        for message in batch.messages.prefix((count ?? .max) - shownCount) {
          show(message)
          shownCount += 1
        }
        if shownCount < count ?? .max { show(skipped: batch.skipped) }
      }
    }
  }

  private func show(_ message: TapMessage) {
    if json {
      StandardOutput.write(ControlJSON.encodeASCII(message, isIndented: false) + [0x0A])
      return
    }
    show(skipped: message.skipped)
    StandardOutput.write(
      TapText.lines(
        of: message, isHex: hex, namesSession: filter != nil,
        forTerminal: StandardOutput.isTerminal))
  }

  /// Shows a count of skipped messages apart from the messages, which a program may parse.
  private func show(skipped count: Int) {
    guard count > 0 else { return }
    StandardError.write("wstop: \(count) message\(count == 1 ? "" : "s") skipped")
  }

  private static func direction(_ text: String) throws -> TapDirection {
    guard let direction = TapDirection(rawValue: text) else {
      throw ValidationError("--direction is in or out")
    }
    return direction
  }

  private static func kinds(_ text: String) throws -> [TapKind] {
    try validating { () throws(ControlError) in try TapRequest.kinds(text) }
  }

  private static func bytes(_ text: String) throws -> Int {
    guard let count = QuantityText.bytes(from: text) else {
      throw ValidationError(
        "\"\(text)\" is no number of bytes such as 100 or 4KiB"
          + (QuantityText.faultOfBytes(text).map { ": \($0)" } ?? ""))
    }
    return count
  }

  private static func duration(_ text: String) throws -> Int {
    guard let milliseconds = QuantityText.milliseconds(from: text), milliseconds > 0 else {
      throw ValidationError(
        "\"\(text)\" is no time such as 500ms, 10s or 5m"
          + (QuantityText.faultOfTime(text).map { ": \($0)" } ?? ""))
    }
    return milliseconds
  }
}
