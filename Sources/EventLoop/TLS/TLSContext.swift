internal import COpenSSL
package import Vocabulary

/// The settings of TLS for one role, which every connection made from it shares.
///
/// Immutable, and safe to share among threads: a reload makes another context, and connections keep
/// theirs. Sessions are resumed by tickets (RFC 8446 §2.2, RFC 5077), which the client keeps: a
/// cache on this side would cost memory for each and would have to be shared by all reactors. The
/// tickets' keys change by themselves, and are forgotten with the context.
@safe
package final class TLSContext: Sendable {
  /// The versions of the protocol that are spoken.
  package enum Version: Sendable {
    /// TLS 1.2, RFC 5246.
    case v1_2
    /// TLS 1.3, RFC 8446.
    case v1_3

    fileprivate var number: Int32 { self == .v1_2 ? TLS1_2_VERSION : TLS1_3_VERSION }
  }

  /// The check of the server's certificate by a client.
  package enum Verification: Sendable {
    /// Nothing: anybody may be the server.
    case nothing
    /// That one of the system's authorities has signed it, for the server's name.
    case system
    /// That one of the certificates in a file has signed it, for the server's name.
    case authorities(String)
  }

  /// The one application protocol that this program speaks over TLS (RFC 7301 §6).
  package static let applicationProtocol = "http/1.1"
  /// How long a ticket may be used, in seconds.
  private static let ticketLifetime = 7200

  // `pointer` is Sendable although pointers are not: it is set up in `init` and only used by
  // OpenSSL's own thread-safe functions afterwards.
  nonisolated(unsafe) let pointer: OpaquePointer
  let isServer: Bool
  private let identities: [TLSIdentity]
  private let names: ServerNames
  private let ticketKeys: TicketKeys

  private init(
    _ method: OpaquePointer?, isServer: Bool, identities: [TLSIdentity], _ versions: [Version],
    clock: @escaping @Sendable () -> Instant = SystemClock.monotonic
  ) throws(TLSError) {
    OpenSSLErrors.clear()
    guard let pointer = unsafe SSL_CTX_new(method) else {
      throw OpenSSLErrors.take(.setUp, about: "OpenSSL", otherwise: "no context")
    }
    unsafe self.pointer = pointer
    self.isServer = isServer
    self.identities = identities
    names = ServerNames(identities.map(\.names))
    ticketKeys = TicketKeys(clock: clock)
    let numbers = versions.map(\.number)
    guard
      unsafe COpenSSL_setVersions(
        pointer, numbers.min() ?? TLS1_2_VERSION, numbers.max() ?? TLS1_3_VERSION) == 1
    else {
      throw OpenSSLErrors.take(.setUp, about: "OpenSSL", otherwise: "no such version")
    }
    // SSL_MODE_RELEASE_BUFFERS leaves an idle connection without a buffer.
    unsafe COpenSSL_setMode(
      pointer, Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
    unsafe COpenSSL_setSessionCacheMode(pointer, Int(SSL_SESS_CACHE_OFF))
    unsafe SSL_CTX_set_options(pointer, COpenSSL_noRenegotiation)
  }

  deinit {
    unsafe SSL_CTX_free(pointer)
  }

  /// Warnings about its certificates for an operator, one line each.
  package var warnings: [String] { identities.flatMap(\.warnings) }

  /// How many certificates it has.
  package var certificateCount: Int { identities.count }

  // MARK: Servers

  /// The context of a listener.
  ///
  /// - Parameter clock: the clock by which the keys of its tickets age.
  /// - Throws: `TLSError` that names the file that cannot be used, and why.
  package static func server(
    _ settings: TLSSettings, versions: [Version] = [.v1_2, .v1_3],
    clock: @escaping @Sendable () -> Instant = SystemClock.monotonic
  ) throws(TLSError) -> TLSContext {
    var identities: [TLSIdentity] = []
    for files in settings.certificates { identities.append(try TLSIdentity(files)) }
    let context = unsafe try TLSContext(
      TLS_server_method(), isServer: true, identities: identities, versions, clock: clock)
    guard let first = identities.first else {
      throw TLSError(.setUp, subject: "TLS", reason: "there is no certificate")
    }
    // A context holds one certificate of a kind: the others are only tried, and put on connections.
    for (identity, files) in zip(identities, settings.certificates).dropFirst() {
      let trial = unsafe try TLSContext(TLS_server_method(), isServer: true, identities: [], [])
      try trial.show(identity, of: files)
    }
    try context.show(first, of: settings.certificates[0])
    try context.useCiphers(settings.ciphers)
    try context.serve(settings.clientCertificates)
    return context
  }

  private func show(
    _ identity: TLSIdentity, of files: TLSSettings.CertificateFiles
  ) throws(TLSError) {
    guard unsafe !identity.use(in: pointer) else { return }
    throw OpenSSLErrors.take(
      .file, about: files.certificate, otherwise: "the certificate cannot be used")
  }

  private func serve(_ clients: TLSSettings.ClientCertificates) throws(TLSError) {
    unsafe SSL_CTX_set_options(pointer, COpenSSL_cipherServerPreference)
    unsafe SSL_CTX_set_num_tickets(pointer, 1)
    // `ticketKeys` is unretained: every connection made from the context holds it, and it holds the
    // keys.
    unsafe SSL_CTX_set_ex_data(pointer, 0, Unmanaged.passUnretained(ticketKeys).toOpaque())
    unsafe COpenSSL_setTicketKeyCallback(pointer, useTicketKey)
    unsafe SSL_CTX_set_timeout(pointer, Self.ticketLifetime)
    let name = Array("wstop".utf8)
    unsafe SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
    unsafe SSL_CTX_set_alpn_select_cb(pointer, selectApplicationProtocol, nil)
    unsafe COpenSSL_setServerNameCallback(pointer, acceptServerName)
    if identities.count > 1 {
      // `self` is unretained: every connection made from the context holds it.
      unsafe SSL_CTX_set_cert_cb(
        pointer, selectCertificate, Unmanaged.passUnretained(self).toOpaque())
    }
    guard let path = clients.authorities else { return }
    try trust(path)
    guard let list = unsafe SSL_load_client_CA_file(FileName.cString(path)) else {
      throw OpenSSLErrors.take(.file, about: path, otherwise: "there is no certificate in it")
    }
    unsafe SSL_CTX_set_client_CA_list(pointer, list)
    if case .required = clients {
      unsafe SSL_CTX_set_verify(
        pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    } else {
      unsafe SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    }
  }

  private func trust(_ path: String) throws(TLSError) {
    _ = try PEMFile(path)
    OpenSSLErrors.clear()
    guard unsafe SSL_CTX_load_verify_file(pointer, FileName.cString(path)) == 1 else {
      throw PEMFile.error(OpenSSLErrors.takeAll(), in: path, about: "certificate")
    }
  }

  /// Puts the certificates for the name that a client asks for on its connection.
  fileprivate func select(on connection: OpaquePointer) -> Bool {
    guard let text = unsafe SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name) else {
      return true
    }
    let indices = names.certificates(for: unsafe String(cString: text))
    guard !indices.isEmpty else { return true }
    unsafe SSL_certs_clear(connection)
    // The order is reversed, since of several with one kind of key the last stays.
    return indices.reversed().allSatisfy { unsafe identities[$0].use(on: connection) }
  }

  // MARK: Clients

  /// The context of clients.
  ///
  /// - Parameters:
  ///   - verification: the check of the server's certificate.
  ///   - identity: the certificate that is shown to a server that asks.
  ///   - protocols: the application protocols that are offered (RFC 7301), the preferred one first.
  /// - Throws: `TLSError` that names the file that cannot be used, and why.
  package static func client(
    verifying verification: Verification = .system,
    identity: TLSSettings.CertificateFiles? = nil,
    protocols: [String] = [applicationProtocol], versions: [Version] = [.v1_2, .v1_3]
  ) throws(TLSError) -> TLSContext {
    let own = try identity.map { (files) throws(TLSError) in try TLSIdentity(files) }
    let context = unsafe try TLSContext(
      TLS_client_method(), isServer: false, identities: own.map { [$0] } ?? [], versions)
    if let own, let identity { try context.show(own, of: identity) }
    switch verification {
    case .nothing: break
    case .system: unsafe SSL_CTX_set_default_verify_paths(context.pointer)
    case .authorities(let path): try context.trust(path)
    }
    if case .nothing = verification {
    } else {
      unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
    }
    let offer = protocols.flatMap { [UInt8(clamping: $0.utf8.count)] + $0.utf8 }
    if !offer.isEmpty {
      unsafe SSL_CTX_set_alpn_protos(context.pointer, offer, UInt32(offer.count))
    }
    return context
  }
}

// MARK: Callbacks of OpenSSL

/// Takes `http/1.1`, and fails the handshake of a client that offers others only (RFC 7301 §3.2).
private func selectApplicationProtocol(
  _ connection: OpaquePointer?, _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
  _ selectedCount: UnsafeMutablePointer<UInt8>?, _ offer: UnsafePointer<UInt8>?, _ count: UInt32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let offered = unsafe UnsafeBufferPointer(start: offer, count: Int(count))
  var start = 0
  while start < offered.count {
    let end = unsafe start + 1 + Int(offered[start])
    guard end <= offered.count else { break }
    let name = unsafe offered[(start + 1)..<end]
    if unsafe name.elementsEqual(TLSContext.applicationProtocol.utf8) {
      unsafe selected?.pointee = offer.map { unsafe $0 + start + 1 }
      unsafe selectedCount?.pointee = UInt8(end - start - 1)
      return SSL_TLSEXT_ERR_OK
    }
    start = end
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// Lets a session remember the name, so that a resumed session still has it.
private func acceptServerName(
  _ connection: OpaquePointer?, _ alert: UnsafeMutablePointer<Int32>?,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 { SSL_TLSEXT_ERR_OK }

private func selectCertificate(
  _ connection: OpaquePointer?, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  guard let connection = unsafe connection, let argument = unsafe argument else { return 0 }
  let context = unsafe Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue()
  return unsafe context.select(on: connection) ? 1 : 0
}
