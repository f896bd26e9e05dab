/// What a header of the PROXY protocol says of a connection, versions 1 and 2.
package struct ProxyHeader: Hashable, Sendable {
  /// Where the connection comes from; nil if it is the proxy's own (`LOCAL`, a health check) or
  /// the proxy does not know.
  package var client: ClientAddress?
  /// Whether the client speaks TLS with the proxy; nil if the header does not say (version 2,
  /// PP2_TYPE_SSL).
  package var isSecure: Bool?

  /// What a header says.
  package init(client: ClientAddress? = nil, isSecure: Bool? = nil) {
    self.client = client
    self.isSecure = isSecure
  }
}
