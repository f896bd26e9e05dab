import EventLoop
import Vocabulary
package import WebSocketProtocol

/// The configuration of a route whose sessions are relayed: its upstreams, and the rules of what is
/// passed to them.
package struct Gateway: Sendable {
  /// The targets, 1 to 64.
  package let targets: [UpstreamURL]
  /// The choice among them.
  package let policy: UpstreamPolicy
  /// The fields that they get.
  package let headerRules: UpstreamHeaderRules
  /// The context for those that are encrypted; nil if none is.
  let tls: TLSContext?

  /// A gateway to some targets.
  ///
  /// - Parameter authorities: a file with the authorities by which the targets' certificates are
  ///   checked; nil for the system's.
  /// - Throws: `TLSError` if those cannot be read.
  /// - Precondition: there is a target.
  package init(
    to targets: [UpstreamURL], policy: UpstreamPolicy = .leastSessions,
    headerRules: UpstreamHeaderRules = UpstreamHeaderRules(), authorities: String? = nil
  ) throws(TLSError) {
    precondition(!targets.isEmpty, "a gateway has a target")
    self.targets = targets
    self.policy = policy
    self.headerRules = headerRules
    guard targets.contains(where: \.isSecure) else {
      tls = nil
      return
    }
    tls = try TLSContext.client(verifying: authorities.map { .authorities($0) } ?? .system)
  }
}
