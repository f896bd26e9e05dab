import ArgumentParser
import EventLoop
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// The rules of what goes to the upstreams of relayed routes.
struct RelayOptions: ParsableArguments {
  /// The source of the Host field.
  enum HostSource: String, CaseIterable, ExpressibleByArgument {
    case client, upstream
  }

  @Option(
    help: ArgumentHelp(
      "Choose among the upstreams of a route: least-sessions, round-robin, hash:address or "
        + "hash:header:NAME. (default: least-sessions)", valueName: "policy"))
  var upstreamPolicy: String?

  @Option(
    help: ArgumentHelp(
      "The Host that upstreams get: the client's, with its port, or the upstream's own.",
      valueName: "source"))
  var upstreamHost = HostSource.client

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Set a header field of requests to upstreams, such as 'X-Api-Key: 7'; repeatable.",
      valueName: "name: value"))
  var upstreamHeader: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Leave a header field out of requests to upstreams; repeatable.", valueName: "name"))
  var upstreamDrop: [String] = []

  @Option(
    help: ArgumentHelp(
      "Check the certificates of upstreams by the authorities in a file. (default: the system's)",
      valueName: "file"), completion: .file())
  var upstreamAuthorities: String?

  @Flag(help: "Tell upstreams of the client by Forwarded (RFC 7239) too, besides X-Forwarded-For.")
  var upstreamForwarded = false

  func validate() throws {
    _ = try policy()
    _ = try rules()
  }

  /// The gateway to some targets.
  func gateway(to targets: [UpstreamURL]) throws -> Gateway {
    let (policy, rules) = (try policy(), try rules())
    do throws(TLSError) {
      return try Gateway(
        to: targets, policy: policy, headerRules: rules, authorities: upstreamAuthorities)
    } catch {
      throw ValidationError("--route: \(error)")
    }
  }

  private func policy() throws -> UpstreamPolicy {
    guard let upstreamPolicy else { return .leastSessions }
    do throws(UpstreamPolicy.Fault) {
      return try UpstreamPolicy(parsing: upstreamPolicy)
    } catch {
      throw ValidationError("--upstream-policy \(error)")
    }
  }

  private func rules() throws -> UpstreamHeaderRules {
    let fields = try upstreamHeader.map { text in
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.last.map { $0.drop { $0 == " " || $0 == "\t" } } ?? ""
      guard parts.count == 2,
        let field = HeaderField(name: String(parts[0]), value: String(value))
      else {
        throw ValidationError(
          "--upstream-header \"\(UntrustedText.escaped(text))\": wants NAME: VALUE, such as "
            + "X-Api-Key: 7")
      }
      return field
    }
    do throws(UpstreamHeaderRules.Failure) {
      return try UpstreamHeaderRules(
        host: upstreamHost == .client ? .client : .upstream, set: fields, drop: upstreamDrop,
        addsForwarded: upstreamForwarded)
    } catch {
      throw ValidationError("--upstream-header, --upstream-drop: \(error)")
    }
  }

  /// The same flags as words, for a child process.
  var arguments: [String] {
    var words = upstreamPolicy.map { ["--upstream-policy", $0] } ?? []
    if upstreamHost != .client { words += ["--upstream-host", upstreamHost.rawValue] }
    words += upstreamHeader.flatMap { ["--upstream-header", $0] }
    words += upstreamDrop.flatMap { ["--upstream-drop", $0] }
    if let upstreamAuthorities { words += ["--upstream-authorities", upstreamAuthorities] }
    if upstreamForwarded { words.append("--upstream-forwarded") }
    return words
  }
}
