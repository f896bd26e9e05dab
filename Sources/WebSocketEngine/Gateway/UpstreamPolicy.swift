import Vocabulary
import WebSocketProtocol

/// The rule by which a route's next session goes to one of its upstreams.
package enum UpstreamPolicy: Hashable, Sendable {
  /// To the one with the fewest sessions, counted over all reactors; of equal ones in turn.
  case leastSessions
  /// To each in turn.
  case roundRobin
  /// Those of one client's address to the same one.
  case hashAddress
  /// Those with the same value of a header field to the same one; those without it as by
  /// `leastSessions`.
  case hashHeader(name: String)

  /// Whether it wants a key.
  package var wantsKey: Bool {
    switch self {
    case .leastSessions, .roundRobin: false
    case .hashAddress, .hashHeader: true
    }
  }

  /// The fault of a text that is no policy.
  package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// No policy has this name.
    case unknown(String)
    /// `hash:` stands in front of something that cannot be hashed.
    case unknownKey(String)
    /// The name behind `hash:header:` is none of a header field.
    case headerName(String)

    /// The fault, and what would be right.
    package var description: String {
      switch self {
      case .unknown(let text):
        "\(UntrustedText.escaped(text)): no such policy\(Self.hint(text)); wants least-sessions, "
          + "round-robin, hash:address or hash:header:NAME"
      case .unknownKey(let text):
        "\(UntrustedText.escaped(text)): hash: wants address or header:NAME, such as "
          + "hash:header:X-User"
      case .headerName(let text):
        "\(UntrustedText.escaped(text)): hash:header: wants the name of a header field, such as "
          + "hash:header:X-User"
      }
    }

    private static func hint(_ text: String) -> String {
      let known = ["least-sessions", "round-robin", "hash:address"]
      return NearestName.of(text, among: known).map { "; the nearest is \($0)" } ?? ""
    }
  }

  /// Reads the text form.
  package init(parsing text: String) throws(Fault) {
    let bytes = text.utf8
    let header = "hash:header:"
    if bytes.elementsEqual("least-sessions".utf8) {
      self = .leastSessions
    } else if bytes.elementsEqual("round-robin".utf8) {
      self = .roundRobin
    } else if bytes.elementsEqual("hash:address".utf8) {
      self = .hashAddress
    } else if bytes.starts(with: header.utf8) {
      let name = String(Substring(bytes.dropFirst(header.utf8.count)))
      guard HeaderField(name: name, value: "") != nil else { throw .headerName(text) }
      self = .hashHeader(name: name)
    } else if bytes.starts(with: "hash:".utf8) || bytes.elementsEqual("hash".utf8) {
      throw .unknownKey(text)
    } else {
      throw .unknown(text)
    }
  }
}

extension UpstreamPolicy: CustomStringConvertible {
  /// The text form.
  package var description: String {
    switch self {
    case .leastSessions: "least-sessions"
    case .roundRobin: "round-robin"
    case .hashAddress: "hash:address"
    case .hashHeader(let name): "hash:header:\(name)"
    }
  }
}
