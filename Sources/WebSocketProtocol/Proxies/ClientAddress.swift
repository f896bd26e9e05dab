package import Vocabulary

/// The origin of a client: an Internet address and a port, or a Unix socket.
package struct ClientAddress: Hashable, Sendable {
  /// The address; nil for a Unix socket.
  package var address: IPAddress?
  /// The port; 0 if it is not known, and for a Unix socket.
  package var port: UInt16

  /// A client's address.
  package init(_ address: IPAddress?, port: UInt16 = 0) {
    self.address = address
    self.port = port
  }

  /// Reads an element of X-Forwarded-For: an address, which some proxies write with its port.
  ///
  /// The forms are `10.0.0.7`, `10.0.0.7:80`, `2001:db8::7`, `[2001:db8::7]` and
  /// `[2001:db8::7]:80`; anything else, such as `unknown`, is nil.
  init?(forwarded text: Substring) {
    if let address = IPAddress(String(text)) {
      self.init(address)
      return
    }
    guard let (host, port) = HTTPGrammar.authority(text) else { return nil }
    let bare = host.utf8.first == UInt8(ascii: "[") ? host.dropFirst().dropLast() : host
    guard let address = IPAddress(String(bare)), address.isIPv4 == (bare == host),
      port != nil || bare != host
    else { return nil }
    self.init(address, port: port.flatMap { UInt16(exactly: $0) } ?? 0)
  }

  /// The address alone in text; `unix` for a Unix socket.
  package var text: String { address?.description ?? "unix" }
}

extension ClientAddress: CustomStringConvertible {
  /// Address and port, such as `10.0.0.7:80`, `[2001:db8::7]:80` or `unix`.
  package var description: String {
    guard let address, port != 0 else { return text }
    return address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
