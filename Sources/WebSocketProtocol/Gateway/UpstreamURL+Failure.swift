internal import Vocabulary

extension UpstreamURL {
  /// A text that is no target; its description says what is wrong, and what would be right.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The fault of a text.
    package enum Reason: Error, Hashable, Sendable {
      /// It begins with none of the schemes.
      case scheme
      /// The host is neither an address nor a name, or the port is no number from 1 to 65535.
      case authority
      /// The path of a Unix socket is not absolute, begins with two slashes, ends with one or has a
      /// control byte.
      case socketPath
      /// The path of a Unix socket has more than 107 bytes.
      case socketPathLength
      /// The path has a byte that must be percent-encoded, or a malformed encoding.
      case path
      /// It has a query or a fragment.
      case query
      /// A list has the same target twice.
      case duplicate
      /// A list has more than 64 targets.
      case count
    }

    /// The text as it was given.
    package let text: String
    /// Its fault.
    package let reason: Reason

    /// The whole sentence.
    package var description: String {
      "\"\(UntrustedText.escaped(text, limit: 200))\" \(explanation)"
    }

    private var explanation: String {
      switch reason {
      case .scheme:
        "is no target: wants ws://HOST:PORT, wss://HOST:PORT, http://HOST:PORT, https://HOST:PORT "
          + "or unix:/SOCKET"
      case .authority:
        "has no host and port: wants HOST or HOST:PORT, the host a name or an address, an IPv6 "
          + "address in brackets, the port from 1 to 65535"
      case .socketPath:
        "has no socket's path: wants unix:/run/app.sock, and behind it perhaps :/PATH"
      case .socketPathLength:
        "has a socket's path of more than \(UpstreamURL.maximumSocketPathByteCount) bytes, which "
          + "no socket has"
      case .path:
        "has a malformed path: other bytes than visible ASCII are percent-encoded UTF-8, as in "
          + "/caf%C3%A9"
      case .query:
        "has a query or a fragment: wants a path alone, since the client's query goes upstream"
      case .duplicate: "stands in the list twice: a target is named once"
      case .count: "has too many targets: a route has at most \(UpstreamURL.maximumCount)"
      }
    }
  }
}
