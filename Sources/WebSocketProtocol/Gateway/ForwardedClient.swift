internal import Vocabulary

/// The far end of a client's connection, as the upstream is told of it.
package struct ForwardedClient: Hashable, Sendable {
  /// The address that X-Forwarded-For gets, without brackets and port; nil for a Unix socket, which
  /// has none.
  package var address: String?
  /// Whether the connection is encrypted.
  package var isSecure: Bool
  /// Whether the far end is a trusted proxy, so that what it says of its client is passed on.
  package var isTrusted: Bool

  /// A far end.
  package init(address: String?, isSecure: Bool, isTrusted: Bool = false) {
    self.address = address
    self.isSecure = isSecure
    self.isTrusted = isTrusted
  }

  /// A far end at an address.
  package init(_ peer: ClientAddress, isSecure: Bool, isTrusted: Bool = false) {
    self.init(address: peer.address?.description, isSecure: isSecure, isTrusted: isTrusted)
  }

  /// Whether a field tells of a client or of the way of its request, which anybody can write.
  static func tellsOfClient(_ field: HeaderField) -> Bool {
    let name = Headers.comparable(field.name)
    return name == "forwarded" || name == "x-real-ip"
      || name.utf8.starts(with: "x-forwarded-".utf8)
  }

  /// The fields that tell the upstream of the client of a request.
  ///
  /// What a trusted proxy said stays: its X-Forwarded-For, at whose right the proxy's own address is
  /// added, and its X-Forwarded-Proto and X-Forwarded-Host. Others' are replaced.
  ///
  /// - Parameter addsForwarded: adds an element of Forwarded too (RFC 7239).
  func fields(for head: RequestHead, addsForwarded: Bool) -> [HeaderField] {
    let told = isTrusted ? head.headers : Headers()
    var fields: [(name: String, value: String)] = []
    let addresses = told.listElements(of: "X-Forwarded-For") + (address.map { [$0] } ?? [])
    if !addresses.isEmpty { fields.append(("X-Forwarded-For", addresses.joined(separator: ", "))) }
    let scheme = Self.scheme(told) ?? (isSecure ? "https" : "http")
    fields.append(("X-Forwarded-Proto", scheme))
    fields.append(("X-Forwarded-Host", told["X-Forwarded-Host"] ?? head.host))
    let elements =
      told.values(of: "Forwarded").filter { !$0.isEmpty }
      + (addsForwarded ? [element(host: head.host)] : [])
    if !elements.isEmpty { fields.append(("Forwarded", elements.joined(separator: ", "))) }
    return fields.compactMap { HeaderField(name: $0.name, value: $0.value) }
  }

  /// The scheme that the nearest proxy's X-Forwarded-Proto has, in the words of HTTP.
  private static func scheme(_ headers: Headers) -> String? {
    switch headers.listElements(of: "X-Forwarded-Proto").last.map(HTTPGrammar.lowercased) {
    case "https", "wss": "https"
    case "http", "ws": "http"
    default: nil
    }
  }

  /// `for=192.0.2.7;host="h:8080";proto=https`: a value that is no token is quoted, and an IPv6
  /// address has brackets (RFC 7239 §4, §6).
  private func element(host: String) -> String {
    let node = address.map { $0.utf8.contains(UInt8(ascii: ":")) ? "\"[\($0)]\"" : $0 }
    let host = HTTPGrammar.isToken(host) ? host : "\"\(host)\""
    return "for=\(node ?? "unknown");host=\(host);proto=\(isSecure ? "https" : "http")"
  }
}
