internal import Vocabulary

/// The target of a gateway's route: a server behind this one.
///
/// The forms are `ws://HOST:PORT[/PATH]` and `wss://…`, `http://…` and `https://…`, and
/// `unix:/SOCKET[:/PATH]`. The port is 80 or 443 where there is none; a socket's path ends at the
/// first `:/` in it. A target has no query: the client's own goes upstream.
package struct UpstreamURL: Hashable, Sendable, CustomStringConvertible {
  /// The requests that the upstream gets.
  package enum Scheme: Hashable, Sendable {
    /// WebSockets alone: `ws`, `wss` and `unix`.
    case webSocket
    /// Plain requests too: `http` and `https`.
    case http
  }

  /// The place that is connected to.
  package enum Place: Hashable, Sendable {
    /// An address, which may have a zone behind a `%`, or a name, and the port.
    case internet(host: String, port: UInt16)
    /// A socket's absolute path in the file system.
    case unix(path: String)
  }

  /// The longest path of a Unix socket, in bytes (`sun_path`, unix(7)).
  package static let maximumSocketPathByteCount = 107

  /// The requests that the upstream gets.
  package let scheme: Scheme
  /// Whether the connection is encrypted: `wss` and `https`.
  package let isSecure: Bool
  /// The place that is connected to.
  package let place: Place
  /// The value of the Host field where the upstream's own host is wanted: the host, and the port if
  /// the URL has one; `localhost` for a Unix socket.
  package let authority: String
  /// The path that takes the place of what the route's pattern matched; nil if the URL has none,
  /// and the client's target goes upstream as it came.
  package let path: String?
  /// The URL as it was written.
  package let description: String

  /// Reads a target.
  ///
  /// - Throws: the `Failure` of the text.
  package init(_ text: String) throws(Failure) {
    do throws(Failure.Reason) {
      // The prefix is compared by bytes: a colon and a combining mark after it are one Character.
      if text.utf8.prefix(5).map(HTTPGrammar.lowercased).elementsEqual("unix:".utf8) {
        try self.init(socket: Substring(text.utf8.dropFirst(5)), description: text)
      } else {
        try self.init(url: text)
      }
    } catch {
      throw Failure(text: text, reason: error)
    }
  }

  private init(url text: String) throws(Failure.Reason) {
    guard let separator = text.utf8.firstRange(of: "://".utf8) else { throw .scheme }
    switch HTTPGrammar.lowercased(text[..<separator.lowerBound]) {
    case "ws": (scheme, isSecure) = (.webSocket, false)
    case "wss": (scheme, isSecure) = (.webSocket, true)
    case "http": (scheme, isSecure) = (.http, false)
    case "https": (scheme, isSecure) = (.http, true)
    default: throw .scheme
    }
    let rest = text[separator.upperBound...]
    guard !rest.utf8.contains(where: Self.endsPath) else { throw .query }
    let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    guard let authority = URLAuthority(rest[..<slash]) else { throw .authority }
    place = .internet(host: authority.host, port: authority.port ?? (isSecure ? 443 : 80))
    self.authority = authority.hostField
    path = try Self.path(rest[slash...])
    description = text
  }

  private init(socket text: Substring, description: String) throws(Failure.Reason) {
    guard !text.utf8.contains(where: Self.endsPath) else { throw .query }
    let colon = text.utf8.firstRange(of: ":/".utf8)?.lowerBound ?? text.endIndex
    let socket = String(text[..<colon])
    let slash = UInt8(ascii: "/")
    guard socket.utf8.first == slash, socket.utf8.last != slash,
      !socket.utf8.starts(with: "//".utf8),
      socket.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { throw .socketPath }
    guard FileName.byteCount(socket) <= Self.maximumSocketPathByteCount else {
      throw .socketPathLength
    }
    (scheme, isSecure) = (.webSocket, false)
    place = .unix(path: socket)
    authority = "localhost"
    path = try Self.path(Substring(text[colon...].utf8.dropFirst()))
    self.description = description
  }

  /// The path, or nil for an empty text.
  private static func path(_ text: Substring) throws(Failure.Reason) -> String? {
    guard !text.isEmpty else { return nil }
    guard text.utf8.allSatisfy(HTTPGrammar.isTargetByte) else { throw .path }
    do throws(HandshakeRefusal) {
      _ = try PercentEncoding.decode(text)
    } catch {
      throw .path
    }
    return String(text)
  }

  /// Whether a byte begins a query or a fragment.
  private static func endsPath(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }
}

extension UpstreamURL {
  /// The most targets of a route.
  package static let maximumCount = 64

  /// Reads targets that are separated by commas.
  ///
  /// Two are the same if they mean the same place, path and kind of requests, however they are
  /// written.
  ///
  /// - Returns: 1 to 64 targets in their order.
  /// - Throws: the `Failure` of the first text that is wrong, or of the first one too many.
  package static func list(_ text: String) throws(Failure) -> [UpstreamURL] {
    let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    var targets: [UpstreamURL] = []
    for part in parts {
      guard targets.count < maximumCount else { throw Failure(text: text, reason: .count) }
      let target = try UpstreamURL(String(HTTPGrammar.trimmed(Substring(part))))
      guard !targets.contains(where: { $0.isSame(as: target) }) else {
        throw Failure(text: target.description, reason: .duplicate)
      }
      targets.append(target)
    }
    return targets
  }

  private func isSame(as other: UpstreamURL) -> Bool {
    scheme == other.scheme && isSecure == other.isSecure && path == other.path
      && place.canonical == other.place.canonical
  }
}

extension UpstreamURL.Place {
  /// The form in which equal places are equal: names in lower case, addresses in their usual form.
  fileprivate var canonical: Self {
    guard case .internet(let host, let port) = self else { return self }
    guard HostName.zone(of: host) == nil, let address = IPAddress(host) else {
      return .internet(host: HTTPGrammar.lowercased(host), port: port)
    }
    return .internet(host: address.description, port: port)
  }
}
