/// The parameters by which a connection was secured, for people to see.
package struct TLSDetails: Hashable, Sendable {
  /// The version, such as `TLSv1.3`.
  package var version: String
  /// The cipher suite by OpenSSL's name, such as `TLS_AES_256_GCM_SHA384`.
  package var cipher: String
  /// Whether an earlier session was resumed.
  package var isResumed: Bool
  /// The name that the client asked for (SNI, RFC 6066 §3).
  package var serverName: String?
  /// The application protocol that was agreed on (RFC 7301).
  package var applicationProtocol: String?
  /// The subject of the peer's certificate in the form of RFC 2253, at most 1 KiB; not escaped
  /// for display.
  package var peerSubject: String?
}

extension TLSDetails {
  /// The longest subject that is given, in bytes.
  static let maximumSubjectByteCount = 1024
}
