extension Headers {
  /// The fields that go on to the next server or client, in their order: all but those of the one
  /// connection they came on (RFC 9110 §7.6.1).
  ///
  /// These are Connection and what it names, Keep-Alive, Proxy-…, TE, Trailer, Transfer-Encoding,
  /// Upgrade and HTTP2-Settings (RFC 7540 §3.2.1); and Proxy, which no standard knows and CGI
  /// programs take for the address of a proxy. An underscore in a name is taken for a hyphen, as
  /// such programs do.
  ///
  /// - Parameter names: more names to leave out, in lower case.
  package func endToEnd(without names: Set<String> = []) -> Headers {
    let named = listElements(of: "Connection").map(Self.comparable)
    let dropped = Self.hopByHopNames.union(names).union(named)
    return Headers(
      filter { field in
        let name = Self.comparable(field.name)
        return !dropped.contains(name) && !name.utf8.starts(with: "proxy-".utf8)
      })
  }

  /// A name in lower case, with hyphens for underscores.
  static func comparable(_ name: String) -> String {
    let underscore = UInt8(ascii: "_")
    let bytes = name.utf8.map { $0 == underscore ? UInt8(ascii: "-") : HTTPGrammar.lowercased($0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names of the fields of one connection, but for those that begin with `proxy-`.
  private static let hopByHopNames: Set<String> = [
    "connection", "keep-alive", "proxy", "te", "trailer", "transfer-encoding", "upgrade",
    "http2-settings",
  ]
}
