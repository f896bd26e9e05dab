import ArgumentParser
import EventLoop
import LoadGenerator
import Vocabulary
import WebSocketProtocol

/// The content, the number, the pace and the duration of messages.
struct LoadOptions: ParsableArguments {
  @Flag(help: "Text messages. (default: binary)")
  var text = false

  @Flag(help: "Binary messages.")
  var binary = false

  @Option(
    help: ArgumentHelp(
      "The messages' size, such as 20 or 64KiB; several, such as 20,1KiB; or any of a range, such "
        + "as 16..4KiB. (default: 20)", valueName: "bytes"))
  var size: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Send this text and no other; also binary, with --binary."))
  var message: String?

  @Flag(help: "Ask the server to compress (permessage-deflate), each message for itself.")
  var compression = false

  @Option(
    help: ArgumentHelp(
      "What the server answers: each message itself (echo), one message of any content (any), or "
        + "nothing (none)."))
  var replies: String = LoadPlan.Replies.echo.rawValue

  @Option(
    help: ArgumentHelp(
      "Messages in flight on each connection, 1 to 65536. (default: 1)", valueName: "count"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "Messages per second over all connections, sent by the clock, such as 5000/s or 30/m.",
      valueName: "rate"))
  var rate: String?

  @Option(help: ArgumentHelp("How long to measure, 100ms to 24h.", valueName: "time"))
  var duration = "10s"

  @Option(help: ArgumentHelp("How long messages go before that, up to 1h.", valueName: "time"))
  var warmUp = "0s"

  @Option(
    help: ArgumentHelp(
      "Close each connection after so many messages, and open it again; 0: as soon as it is open.",
      valueName: "count"))
  var reconnectAfter: Int?

  @Option(
    help: ArgumentHelp(
      "Threads, 1 to \(LoadPlan.maximumThreadCount). (default: the processors)",
      valueName: "count"))
  var threads: Int?

  /// The greatest window.
  private static let maximumWindow = 65_536
  /// The greatest rate, in messages per second.
  private static let maximumRate = 10_000_000.0

  func validate() throws {
    guard !(text && binary) else { throw ValidationError("--text and --binary exclude each other") }
    guard message == nil || size == nil else {
      throw ValidationError("--message and --size exclude each other")
    }
    guard try !compression || !sizes().isRange else {
      throw ValidationError("--compression wants one size or several, not a range")
    }
    guard rate == nil || window == nil else {
      throw ValidationError(
        "--rate and --window exclude each other: messages go by the clock, or a reply lets the "
          + "next one go")
    }
    guard rate == nil || reconnectAfter == nil else {
      throw ValidationError("--rate and --reconnect-after exclude each other")
    }
    guard (0...Int(Int32.max)).contains(reconnectAfter ?? 0) else {
      throw ValidationError("--reconnect-after \(reconnectAfter ?? 0): wants 0 to 2147483647")
    }
    guard (1...LoadPlan.maximumThreadCount).contains(threads ?? 1) else {
      throw ValidationError(
        "--threads \(threads ?? 0): wants 1 to \(LoadPlan.maximumThreadCount)")
    }
    _ = try (sizes(), pace(), expectedReplies())
    _ = try LoadTime.duration(duration, of: "--duration", in: .milliseconds(100)...LoadTime.day)
    _ = try LoadTime.duration(warmUp, of: "--warm-up", in: .zero...LoadTime.hour)
  }

  /// Applies the options to a plan.
  func apply(to plan: inout LoadPlan) throws {
    if let message {
      plan.payload = LoadPayload(kind: binary ? .binary : .text, content: Array(message.utf8))
    } else {
      plan.payload = LoadPayload(kind: text ? .text : .binary, sizes: try sizes())
    }
    if compression {
      plan.isCompressing = true
      plan.payload = LoadPayload(compressing: plan.payload)
    }
    plan.pace = try pace()
    plan.replies = try expectedReplies()
    plan.duration = try LoadTime.duration(
      duration, of: "--duration", in: .milliseconds(100)...LoadTime.day)
    plan.warmUp = try LoadTime.duration(warmUp, of: "--warm-up", in: .zero...LoadTime.hour)
    plan.reconnectAfter = reconnectAfter
    plan.threadCount = threads ?? min(Syscalls.processorCount, LoadPlan.maximumThreadCount)
  }

  private func sizes() throws -> MessageSizes {
    guard let size else { return MessageSizes(20) }
    guard let sizes = MessageSizes(size) else {
      throw ValidationError(
        "--size \(UntrustedText.escaped(size)): wants bytes such as 20, 64KiB, 20,1KiB or "
          + "16..4KiB, up to 1GiB")
    }
    return sizes
  }

  private func expectedReplies() throws -> LoadPlan.Replies {
    guard let replies = LoadPlan.Replies(rawValue: replies) else {
      throw ValidationError(
        "--replies \(UntrustedText.escaped(replies)): wants echo, any or none")
    }
    return replies
  }

  private func pace() throws -> LoadPlan.Pace {
    guard let rate else {
      guard (1...Self.maximumWindow).contains(window ?? 1) else {
        throw ValidationError("--window \(window ?? 0): wants 1 to \(Self.maximumWindow)")
      }
      return .window(window ?? 1)
    }
    guard let perSecond = QuantityText.perSecond(from: rate), perSecond > 0,
      perSecond <= Self.maximumRate
    else {
      throw ValidationError(
        "--rate \(UntrustedText.escaped(rate)): wants messages per second or minute such as "
          + "5000/s or 30/m, up to 10000000/s")
    }
    return .rate(perSecond)
  }
}
