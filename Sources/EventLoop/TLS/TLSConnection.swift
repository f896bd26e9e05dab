internal import COpenSSL

/// One connection's TLS, as server or client: records in, plaintext out, and the other way round.
///
/// It does no I/O itself (`TLSConnection+Socket.swift` does): records are read from and written to
/// the buffers that all connections of a thread share. All that is given to `open` is decrypted by
/// that call, so nothing decrypted ever waits inside. Confined to the thread of its buffers.
@safe
package final class TLSConnection {
  /// The result of opening records.
  package struct Opened {
    /// How many bytes of plaintext were written.
    package var byteCount = 0
    /// The reason why nothing more will come; nil while more may.
    package var end: End?
  }

  /// The way in which the peer's stream ended.
  package enum End: Hashable, Sendable {
    /// The peer has said that it sends no more (close_notify, RFC 8446 §6.1).
    case closeNotify
    /// The bytes cannot be of TLS, or the peer has sent an alert.
    case failed(TLSError)
  }

  /// The room that `open` wants behind the offset, besides the size of the range that it opens.
  package static let spareByteCount = TLSBuffers.maximumRecordByteCount

  /// About how many bytes OpenSSL holds for a connection whose handshake is under way.
  package static let handshakeByteCount = 32 << 10

  let buffers: TLSBuffers
  /// Encrypted bytes that the socket did not take, which go before all others.
  var unsent: [UInt8] = []
  /// OpenSSL's `SSL`.
  let pointer: OpaquePointer
  private let context: TLSContext
  private var failure: TLSError?

  /// The server's side of a connection.
  ///
  /// - Throws: `TLSError` if memory is out.
  package init(server context: TLSContext, _ buffers: TLSBuffers) throws(TLSError) {
    precondition(context.isServer, "the context is for clients")
    unsafe pointer = try Self.make(context, buffers)
    self.context = context
    self.buffers = buffers
    unsafe SSL_set_accept_state(pointer)
  }

  /// The client's side of a connection, which speaks first: see `handshake()`.
  ///
  /// - Parameters:
  ///   - name: the server's name or address, which its certificate has to be for if the context
  ///     verifies; a name is also sent (SNI).
  ///   - session: an earlier session to resume.
  /// - Throws: `TLSError` if the name cannot be one, or memory is out.
  package init(
    client context: TLSContext, serverName name: String?, resuming session: TLSSession? = nil,
    _ buffers: TLSBuffers
  ) throws(TLSError) {
    precondition(!context.isServer, "the context is for servers")
    let pointer = unsafe try Self.make(context, buffers)
    unsafe self.pointer = pointer
    self.context = context
    self.buffers = buffers
    unsafe SSL_set_connect_state(pointer)
    if let session { unsafe SSL_set_session(pointer, session.pointer) }
    // A zone has a meaning on this machine alone, and stands in no certificate.
    guard let name = name.map({ String($0.prefix { $0 != "%" }) }) else { return }
    OpenSSLErrors.clear()
    if unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), name) == 1 { return }
    guard unsafe COpenSSL_setServerName(pointer, name) == 1,
      unsafe SSL_set1_host(pointer, name) == 1
    else { throw OpenSSLErrors.take(.setUp, about: name, otherwise: "this is no server's name") }
  }

  private static func make(
    _ context: TLSContext, _ buffers: TLSBuffers
  ) throws(TLSError) -> OpaquePointer {
    OpenSSLErrors.clear()
    guard let pointer = unsafe SSL_new(context.pointer) else {
      throw OpenSSLErrors.take(.setUp, about: "TLS", otherwise: "out of memory")
    }
    guard let bio = unsafe buffers.channel.makeBIO() else {
      unsafe SSL_free(pointer)
      throw OpenSSLErrors.take(.setUp, about: "TLS", otherwise: "out of memory")
    }
    unsafe SSL_set_bio(pointer, bio, bio)
    return unsafe pointer
  }

  deinit {
    // The shutdown flags are set because a session whose connection was cut could not be resumed
    // otherwise, as it was before TLS 1.1 (RFC 4346 §7.2.1), and all threads would meet at the lock
    // of the context's cache.
    if failure == nil {
      unsafe SSL_set_shutdown(pointer, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
    }
    unsafe SSL_free(pointer)
  }

  /// Whether the handshake is done, so that plaintext can be sent.
  package var isOpen: Bool { unsafe SSL_is_init_finished(pointer) == 1 && failure == nil }

  /// Whether the peer has said that it sends no more.
  package var hasReceivedCloseNotify: Bool {
    unsafe SSL_get_shutdown(pointer) & SSL_RECEIVED_SHUTDOWN != 0
  }

  /// The connection's security parameters; valid once it is open.
  package var details: TLSDetails {
    let version = unsafe SSL_get_version(pointer).map { unsafe String(cString: $0) }
    let cipher = unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(pointer)).map {
      unsafe String(cString: $0)
    }
    let name = unsafe SSL_get_servername(pointer, TLSEXT_NAMETYPE_host_name).map {
      unsafe String(cString: $0)
    }
    return TLSDetails(
      version: version ?? "unknown", cipher: cipher ?? "unknown",
      isResumed: unsafe SSL_session_reused(pointer) == 1, serverName: name,
      applicationProtocol: applicationProtocol, peerSubject: peerSubject)
  }

  private var applicationProtocol: String? {
    var bytes: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    unsafe SSL_get0_alpn_selected(pointer, &bytes, &count)
    guard count > 0 else { return nil }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
  }

  /// The subject of the peer's certificate, as in `details`.
  package var peerSubject: String? {
    guard let certificate = unsafe SSL_get1_peer_certificate(pointer) else { return nil }
    defer { unsafe X509_free(certificate) }
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
    defer { unsafe BIO_free(bio) }
    unsafe X509_NAME_print_ex(
      bio, X509_get_subject_name(certificate), 0, UInt(COpenSSL_nameFlags))
    return unsafe String(unsafeUninitializedCapacity: TLSDetails.maximumSubjectByteCount) {
      let count = unsafe BIO_read(bio, $0.baseAddress, Int32(TLSDetails.maximumSubjectByteCount))
      return Int(max(0, count))
    }
  }

  // MARK: Records

  /// Begins the handshake as a client: its first message is in the buffers afterwards.
  ///
  /// - Throws: `TLSError` if the context cannot speak.
  package func handshake() throws(TLSError) {
    guard failure == nil else { return }
    OpenSSLErrors.clear()
    let result = unsafe SSL_do_handshake(pointer)
    guard result != 1, case .failed(let error)? = end(after: result) else { return }
    throw error
  }

  /// Decrypts all records in a range of the buffers' input, the handshake's included.
  ///
  /// Answers to be sent are in the buffers afterwards, alerts included.
  ///
  /// - Precondition: behind the offset there is room for as many bytes as are opened and
  ///   `spareByteCount` more.
  package func open(
    _ range: Range<Int>, into plaintext: inout MutableSpan<UInt8>, from offset: Int
  ) -> Opened {
    precondition(
      offset >= 0 && plaintext.count - offset >= range.count + Self.spareByteCount,
      "the plaintext may not fit")
    if let failure { return Opened(end: .failed(failure)) }
    if hasReceivedCloseNotify { return Opened(end: .closeNotify) }
    return unsafe plaintext.withUnsafeMutableBytes { bytes in
      buffers.withInput(range) {
        unsafe open(into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]))
      }
    }
  }

  private func open(into bytes: UnsafeMutableRawBufferPointer) -> Opened {
    var opened = Opened()
    OpenSSLErrors.clear()
    while unsafe buffers.inputByteCount > 0 || SSL_pending(pointer) > 0 {
      let before = buffers.inputByteCount
      var count = 0
      let result = unsafe SSL_read_ex(
        pointer, bytes.baseAddress.map { unsafe $0 + opened.byteCount },
        bytes.count - opened.byteCount, &count)
      if result == 1 {
        opened.byteCount += count
        continue
      }
      opened.end = end(after: result)
      // A read without an end wants more input: nothing is left of it then.
      if opened.end != nil || buffers.inputByteCount == before { break }
    }
    return opened
  }

  /// Encrypts plaintext into the buffers, as one record.
  ///
  /// - Precondition: the connection is open, there are 1 to 16 384 bytes, and the buffers have
  ///   room.
  /// - Throws: `TLSError` if the connection has failed.
  package func seal(_ plaintext: Span<UInt8>) throws(TLSError) {
    precondition(
      !plaintext.isEmpty && plaintext.count <= TLSBuffers.maximumRecordByteCount
        && buffers.hasRoomForRecord)
    if let failure { throw failure }
    OpenSSLErrors.clear()
    var count = 0
    let result = unsafe plaintext.withUnsafeBytes { bytes in
      unsafe SSL_write_ex(pointer, bytes.baseAddress, bytes.count, &count)
    }
    guard result != 1 else { return }
    if case .failed(let error)? = end(after: result) { throw error }
    let error = TLSError(.connection, reason: "the connection is not open")
    failure = error
    throw error
  }

  /// Tells the peer that this side sends no more (close_notify); later calls do nothing.
  ///
  /// The record is in the buffers afterwards.
  package func sealCloseNotify() {
    guard isOpen, unsafe SSL_get_shutdown(pointer) & SSL_SENT_SHUTDOWN == 0,
      buffers.hasRoomForRecord
    else { return }
    OpenSSLErrors.clear()
    _ = unsafe SSL_shutdown(pointer)
  }

  /// Notes that the connection is of no more use.
  func fail(_ error: TLSError) {
    if failure == nil { failure = error }
  }

  /// The end that a call's failure means; nil if it only wants more input.
  private func end(after result: Int32) -> End? {
    switch unsafe SSL_get_error(pointer, result) {
    case SSL_ERROR_WANT_READ: return nil
    case SSL_ERROR_ZERO_RETURN: return .closeNotify
    case SSL_ERROR_WANT_WRITE:
      let error = TLSError(
        .tooMuchOutput, reason: "the peer asks for more than it takes")
      failure = error
      return .failed(error)
    default:
      let error = connectionError()
      failure = error
      return .failed(error)
    }
  }

  private func connectionError() -> TLSError {
    let entries = OpenSSLErrors.takeAll()
    func has(_ reason: Int32) -> Bool { entries.contains { $0.isTLS(reason) } }
    if has(SSL_R_HTTP_REQUEST) || has(SSL_R_HTTPS_PROXY_REQUEST) {
      return TLSError(.plainHTTP, reason: "the peer speaks HTTP without TLS")
    }
    // A peer that answers a greeting of TLS in another protocol, such as HTTP, sends no record.
    if !isOpen, has(SSL_R_WRONG_VERSION_NUMBER) || has(SSL_R_PACKET_LENGTH_TOO_LONG) {
      return TLSError(.connection, reason: "there is no TLS at the other end")
    }
    if has(SSL_R_NO_APPLICATION_PROTOCOL) {
      return TLSError(
        .noCommonApplicationProtocol,
        reason: "the client does not offer \(TLSContext.applicationProtocol)")
    }
    if has(SSL_R_CERTIFICATE_VERIFY_FAILED) {
      let result = unsafe SSL_get_verify_result(pointer)
      let text = unsafe String(cString: X509_verify_cert_error_string(result))
      return TLSError(
        .certificateRefused, reason: "the peer's certificate is not accepted: \(text)")
    }
    if has(SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
      return TLSError(.certificateRefused, reason: "the client shows no certificate")
    }
    return TLSError(.connection, reason: entries.first?.text ?? "the connection failed")
  }
}

@available(*, unavailable)
extension TLSConnection: Sendable {}
