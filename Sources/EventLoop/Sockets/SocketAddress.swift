internal import Vocabulary

/// An address that a socket listens on or connects to: `HOST:PORT`, `[HOST]:PORT` or `unix:PATH`.
public enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// An IPv4 or IPv6 address, or a name that the system resolves, and a port; to listen, `*` for
  /// all addresses of both families.
  case internet(host: String, port: UInt16)
  /// A path in the file system, at most 107 bytes.
  case unix(path: String)

  /// The longest path of a Unix socket, in bytes (`sun_path`, unix(7)).
  public static let maximumPathByteCount = 107

  /// Reads the text form; nil if it is none, its host neither an address nor a name, its port no
  /// number up to 65535, or its path too long.
  public init?(_ text: String) {
    // The prefix is compared by bytes: a colon and a combining mark after it are one Character.
    if text.utf8.starts(with: "unix:".utf8) {
      let path = String(Substring(text.utf8.dropFirst(5)))
      guard !path.isEmpty, FileName.byteCount(path) <= Self.maximumPathByteCount,
        !path.utf8.contains(0)
      else { return nil }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = String(text[..<colon])
    let portText = text[text.index(after: colon)...]
    guard !portText.isEmpty, portText.utf8.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(portText)
    else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard host.contains(":"), HostName.isAddress(host) else { return nil }
    } else if host != "*" {
      guard !host.contains(":"), HostName.isHost(host) else { return nil }
    }
    self = .internet(host: host, port: port)
  }

  /// The text form.
  public var description: String {
    switch self {
    case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// The far end of an accepted connection.
package struct PeerAddress: Hashable, Sendable {
  /// The address in text, such as `10.0.3.7` or `2001:db8::7`; `unix` for a Unix socket.
  package var address: String
  /// The port; 0 for a Unix socket.
  package var port: UInt16

  /// A far end.
  package init(address: String, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// The process at the far end of a Unix socket (SO_PEERCRED, unix(7)).
package struct PeerCredentials: Hashable, Sendable {
  /// Its process.
  package var processID: Int32
  /// Its effective user at the time it connected.
  package var userID: UInt32
}
