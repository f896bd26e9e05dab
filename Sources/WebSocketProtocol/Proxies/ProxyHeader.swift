/// The content of a header of the PROXY protocol, versions 1 and 2.
package struct ProxyHeader: Hashable, Sendable {
  /// The client of the connection; nil if it is the proxy's own (`LOCAL`, a health check) or the
  /// proxy does not know.
  package var client: ClientAddress?
  /// Whether the client speaks TLS with the proxy; nil if the header does not tell (version 2,
  /// PP2_TYPE_SSL).
  package var isSecure: Bool?

  /// A header from its parts.
  package init(client: ClientAddress? = nil, isSecure: Bool? = nil) {
    self.client = client
    self.isSecure = isSecure
  }
}
