internal import Vocabulary

/// A route's choice of the fields that go upstream.
package struct UpstreamHeaderRules: Hashable, Sendable {
  /// The source of the Host field.
  package enum Host: Hashable, Sendable {
    /// The client's Host, with its port.
    case client
    /// The host of the upstream's URL.
    case upstream
    /// A host and perhaps a port of the route's own.
    case fixed(String)
  }

  /// A rule that cannot be; its description says what is wrong, and what would be right.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field belongs to the handshake, or to the connection.
    case reserved(String)
    /// A name to drop is no name of a field.
    case malformedName(String)
    /// A Host that is no host and port, or a second one.
    case malformedHost(String)

    /// The whole sentence.
    package var description: String {
      switch self {
      case .reserved(let name):
        "the field \"\(UntrustedText.escaped(name))\" is written by the gateway itself: wants a "
          + "field such as Authorization or X-Api-Key"
      case .malformedName(let name):
        "\"\(UntrustedText.escaped(name))\" is no name of a field: wants one such as Cookie"
      case .malformedHost(let host):
        "Host \"\(UntrustedText.escaped(host))\" is no host: wants one HOST or HOST:PORT"
      }
    }
  }

  /// The source of the Host field.
  package let host: Host
  /// Fields that replace the client's, and the gateway's own, of the same names.
  package let set: [HeaderField]
  /// The names of fields that are left out, in the form names are compared in.
  private let droppedNames: Set<String>
  /// Whether the upstream gets a Forwarded field (RFC 7239) too.
  package let addsForwarded: Bool

  /// The rules of a route that has none of its own: all end-to-end fields, and the client's Host.
  package init() {
    (host, set, droppedNames, addsForwarded) = (.client, [], [], false)
  }

  /// The rules of a route; a Host among the fields to set becomes the source of Host.
  ///
  /// - Throws: the `Failure` of the first rule that cannot be.
  package init(
    host: Host = .client, set: [HeaderField] = [], drop: [String] = [], addsForwarded: Bool = false
  ) throws(Failure) {
    let hosts = set.filter { $0.handshakeName == .host }
    if case .fixed(let text) = host, HTTPGrammar.authority(text) == nil {
      throw .malformedHost(text)
    }
    if let first = hosts.first {
      guard hosts.count == 1, HTTPGrammar.authority(first.value) != nil else {
        throw .malformedHost(hosts.map(\.value).joined(separator: ", "))
      }
      self.host = .fixed(first.value)
    } else {
      self.host = host
    }
    self.set = set.filter { $0.handshakeName != .host }
    if let reserved = self.set.first(where: { Self.isReserved($0.name) }) {
      throw .reserved(reserved.name)
    }
    for name in drop {
      guard HTTPGrammar.isToken(name) else { throw .malformedName(name) }
      guard !Self.isReserved(name), Headers.comparable(name) != "host" else {
        throw .reserved(name)
      }
    }
    droppedNames = Set(drop.map(Headers.comparable))
    self.addsForwarded = addsForwarded
  }

  /// The value of Host for a request.
  package func host(for head: RequestHead, to url: UpstreamURL) -> String {
    switch host {
    case .client: head.host
    case .upstream: url.authority
    case .fixed(let text): text
    }
  }

  /// The fields that go upstream besides Host and those of the handshake or the body: the client's
  /// end-to-end fields in their order, then those that tell of the client, then those of the route.
  package func headers(for head: RequestHead, of client: ForwardedClient) -> Headers {
    let replacedNames = Set(set.map { Headers.comparable($0.name) })
    let rewritten = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"]
    let passed = head.headers.endToEnd(without: Self.ownNames).filter { field in
      client.isTrusted
        ? !rewritten.contains(Headers.comparable(field.name))
        : !ForwardedClient.tellsOfClient(field)
    }
    let kept = (passed + client.fields(for: head, addsForwarded: addsForwarded)).filter { field in
      let name = Headers.comparable(field.name)
      return !droppedNames.contains(name) && !replacedNames.contains(name)
    }
    return Headers(kept + set)
  }

  /// Whether a field is never the route's to set or to drop.
  private static func isReserved(_ name: String) -> Bool {
    guard let field = HeaderField(name: name, value: "") else { return true }
    return Headers([field]).endToEnd(without: ownNames.subtracting(["host"])).isEmpty
  }

  /// The fields that are written anew: Host, the handshake's and the body's.
  private static let ownNames = HandshakeResponse.reservedNames.union(["host"])
}
