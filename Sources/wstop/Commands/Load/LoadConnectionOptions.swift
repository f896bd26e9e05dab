import ArgumentParser
import EventLoop
import Glibc
import LoadGenerator
import Vocabulary
import WebSocketProtocol

/// The number of connections, and how they are opened.
struct LoadConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Connections, 1 to 1000000.", valueName: "count"))
  var connections = 1

  @Option(
    help: ArgumentHelp(
      "How many of them send; the others stay idle. (default: all)", valueName: "count"))
  var active: Int?

  @Option(
    help: ArgumentHelp("Open them evenly over this time, up to 1h.", valueName: "time"))
  var ramp = "0s"

  @Option(
    help: ArgumentHelp("The most connections that are being opened at once.", valueName: "count"))
  var opening = 256

  @Option(help: ArgumentHelp("How long a handshake may take, 100ms to 1h.", valueName: "time"))
  var timeout = "10s"

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A header field of the handshake; repeatable.", valueName: "name: value"))
  var header: [String] = []

  @Option(help: "The Origin of the handshake.")
  var origin: String?

  @Option(help: "A subprotocol that is offered; repeatable.")
  var subprotocol: [String] = []

  @Option(
    help: ArgumentHelp(
      "A local address to connect from; repeatable, they take turns. A server's one address "
        + "can be reached by some 28000 connections from each.", valueName: "address"))
  var from: [String] = []

  @Flag(help: "wss: take any certificate of the server.")
  var insecure = false

  @Option(
    help: ArgumentHelp(
      "wss: the authorities that may have signed the server's certificate, in PEM. (default: the "
        + "system's)", valueName: "file"), completion: .file())
  var ca: String?

  private static let maximumConnectionCount = 1_000_000

  func validate() throws {
    guard (1...Self.maximumConnectionCount).contains(connections) else {
      throw ValidationError(
        "--connections \(connections): wants 1 to \(Self.maximumConnectionCount)")
    }
    guard (0...connections).contains(active ?? 0) else {
      throw ValidationError("--active \(active ?? 0): wants 0 to the connections, \(connections)")
    }
    guard (1...Self.maximumConnectionCount).contains(opening) else {
      throw ValidationError("--opening \(opening): wants 1 to \(Self.maximumConnectionCount)")
    }
    guard !insecure || ca == nil else {
      throw ValidationError("--insecure and --ca exclude each other")
    }
    _ = try headers()
    for name in subprotocol where HeaderField(name: name, value: "") == nil {
      throw ValidationError(
        "--subprotocol \(UntrustedText.escaped(name)): a subprotocol is one word (RFC 6455 §4.1)")
    }
    _ = try LoadTime.duration(ramp, of: "--ramp", in: .zero...LoadTime.hour)
    _ = try LoadTime.duration(timeout, of: "--timeout", in: .milliseconds(100)...LoadTime.hour)
  }

  /// Applies the options to a plan.
  func apply(to plan: inout LoadPlan) throws {
    plan.connectionCount = connections
    plan.activeCount = active ?? connections
    plan.threadCount = min(plan.threadCount, connections)
    plan.openingLimit = opening
    plan.ramp = try LoadTime.duration(ramp, of: "--ramp", in: .zero...LoadTime.hour)
    plan.timeout = try LoadTime.duration(
      timeout, of: "--timeout", in: .milliseconds(100)...LoadTime.hour)
    if plan.url.isSecure { plan.tls = try tls() }
    plan.headers = try headers()
    plan.subprotocols = subprotocol
    plan.sources = try from.map { text in
      do throws(SystemError) {
        guard let source = try ResolvedAddress.all(host: text, port: 0).first else {
          throw SystemError(call: "getaddrinfo", number: EADDRNOTAVAIL, subject: text)
        }
        return source
      } catch {
        throw CommandFailure(
          "--from \(UntrustedText.escaped(text)): no address of this machine: \(error.reason)",
          exitCode: CommandFailure.usage)
      }
    }
  }

  private func tls() throws(CommandFailure) -> TLSContext {
    let verification: TLSContext.Verification =
      if let ca { .authorities(ca) } else { insecure ? .nothing : .system }
    do throws(TLSError) {
      return try TLSContext.client(verifying: verification)
    } catch {
      throw CommandFailure(
        UntrustedText.escaped(error.description), exitCode: CommandFailure.usage)
    }
  }

  private func headers() throws -> Headers {
    var headers = Headers()
    _ = headers.append(name: "User-Agent", value: "wstop-load")
    if let origin, !headers.append(name: "Origin", value: origin) {
      throw ValidationError("--origin \(UntrustedText.escaped(origin)): has a control character")
    }
    for text in header {
      guard let colon = text.firstIndex(of: ":"),
        let field = HeaderField(name: text[..<colon], value: text[text.index(after: colon)...])
      else {
        throw ValidationError("--header \(UntrustedText.escaped(text)): wants NAME: VALUE")
      }
      guard ClientHandshake.allows(field) else {
        throw ValidationError(
          "--header \(UntrustedText.escaped(text)): the field belongs to the handshake itself")
      }
      headers.append(field)
    }
    return headers
  }
}
