internal import Vocabulary

/// The host and the port of a URL that is to be connected to, RFC 3986 §3.2.
///
/// The host is an address or a name that may be given to a resolver (`HostName`); user information
/// is refused.
struct URLAuthority: Hashable, Sendable {
  /// The host without the brackets of an IPv6 address; its zone stands behind a `%` (RFC 4007 §11).
  let host: String
  /// The port, from 1; nil if the URL has none.
  let port: UInt16?
  /// The value of the Host field: the host, and the port if the URL has one.
  ///
  /// A zone has a meaning on this machine alone, and is not sent (RFC 6874 §4).
  let hostField: String
  /// The host and the port as they were written.
  let text: String

  /// Reads the part of a URL between `://` and the path; nil for a text that is no host and port.
  init?(_ text: Substring) {
    guard let (host, port) = HTTPGrammar.authority(text) else { return nil }
    if let port {
      guard let port = UInt16(exactly: port), port > 0 else { return nil }
      self.port = port
    } else {
      self.port = nil
    }
    self.text = String(text)
    if host.utf8.first == UInt8(ascii: "[") {
      guard let (address, zone) = Self.literal(host.dropFirst().dropLast()) else { return nil }
      self.host = address + (zone.map { "%" + $0 } ?? "")
      guard HostName.isAddress(self.host) else { return nil }
      hostField = "[\(address)]" + text[host.endIndex...]
    } else {
      guard HostName.isHost(host) else { return nil }
      self.host = String(host)
      hostField = String(text)
    }
  }

  /// An IPv6 address and its zone, which stands behind `%25` and may have escapes (RFC 6874 §2), or
  /// behind a bare `%`, as people type it.
  private static func literal(_ text: Substring) -> (address: String, zone: String?)? {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    guard let percent = text.utf8.firstIndex(of: UInt8(ascii: "%")) else {
      return (String(text), nil)
    }
    let address = String(text[..<percent])
    let rest = text[text.utf8.index(after: percent)...]
    guard rest.utf8.starts(with: "25".utf8) else { return (address, String(rest)) }
    do throws(HandshakeRefusal) {
      return (address, try PercentEncoding.decode(rest.dropFirst(2)))
    } catch {
      return nil
    }
  }
}
