/// A failure of TLS: a file that cannot be used, or a connection that cannot be secured.
public struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  package enum Kind: Hashable, Sendable {
    /// A certificate, a key or a list of authorities cannot be used.
    case file
    /// OpenSSL could not be set up.
    case setUp
    /// The peer speaks HTTP without TLS.
    case plainHTTP
    /// The peer shows no certificate, or one that is not accepted.
    case certificateRefused
    /// The peer has no application protocol in common with this side (RFC 7301 §3.2).
    case noCommonApplicationProtocol
    /// Any other fault of a peer, or an alert that it sends.
    case connection
    /// The peer made this side owe it more answers of the protocol's own than it takes.
    case tooMuchOutput
  }

  package let kind: Kind
  /// The subject, such as the path of a file; empty for a connection.
  public let subject: String
  /// The sentence, mostly OpenSSL's own.
  public let reason: String

  /// A failure.
  package init(_ kind: Kind, subject: String = "", reason: String) {
    self.kind = kind
    self.subject = subject
    self.reason = reason
  }

  /// The whole line.
  public var description: String { subject.isEmpty ? "TLS: \(reason)" : "\(subject): \(reason)" }
}
