internal import COpenSSL

/// A certificate with its signers, and its private key.
@safe
final class TLSIdentity: Sendable {
  // `certificate`, `chain` and `key` are Sendable although pointers are not: nobody changes what is
  // behind them after `init`, and OpenSSL counts references atomically.
  nonisolated(unsafe) private let certificate: OpaquePointer
  nonisolated(unsafe) private let chain: OpaquePointer
  nonisolated(unsafe) private let key: OpaquePointer

  /// The DNS names of its subjectAltName.
  let names: [String]
  /// Warnings about it for an operator: that it has expired, or soon will; that others may read the
  /// key.
  let warnings: [String]

  /// How many days before its end a certificate is warned of.
  static let warningDays: Int32 = 14

  /// Reads the files, and checks that they belong together.
  ///
  /// - Throws: `TLSError` that names the file and what is wrong with it.
  init(_ files: TLSSettings.CertificateFiles) throws(TLSError) {
    OpenSSLErrors.clear()
    let certificates = unsafe try Self.certificates(in: files.certificate)
    var owned = unsafe certificates
    defer { unsafe owned.forEach { unsafe X509_free($0) } }
    let (key, keyWarning) = unsafe try Self.privateKey(in: files.privateKey)
    guard let first = unsafe certificates.first,
      unsafe X509_check_private_key(first, key) == 1
    else {
      unsafe EVP_PKEY_free(key)
      OpenSSLErrors.clear()
      throw TLSError(
        .file, subject: files.privateKey,
        reason: "the key does not belong to the certificate in \(files.certificate)")
    }
    guard let chain = unsafe OPENSSL_sk_new_null() else {
      unsafe EVP_PKEY_free(key)
      throw OpenSSLErrors.take(.setUp, about: files.certificate, otherwise: "out of memory")
    }
    unsafe certificates.dropFirst().forEach {
      _ = unsafe OPENSSL_sk_push(chain, UnsafeRawPointer($0))
    }
    unsafe owned = []
    unsafe certificate = first
    unsafe self.chain = chain
    unsafe self.key = key
    names = unsafe Self.names(of: first)
    let expiry = unsafe Self.warning(about: first, in: files.certificate)
    warnings = [expiry, keyWarning].compactMap(\.self)
  }

  deinit {
    unsafe X509_free(certificate)
    for index in 0..<(unsafe OPENSSL_sk_num(chain)) {
      unsafe X509_free(OpaquePointer(OPENSSL_sk_value(chain, index)))
    }
    unsafe OPENSSL_sk_free(chain)
    unsafe EVP_PKEY_free(key)
  }

  /// Makes a context show the certificate; false if OpenSSL finds it too weak.
  func use(in context: OpaquePointer) -> Bool {
    unsafe SSL_CTX_use_cert_and_key(context, certificate, key, chain, 1) == 1
  }

  /// Makes a connection show the certificate.
  func use(on connection: OpaquePointer) -> Bool {
    unsafe SSL_use_cert_and_key(connection, certificate, key, chain, 1) == 1
  }

  // MARK: Files

  private static func certificates(in path: String) throws(TLSError) -> [OpaquePointer] {
    let file = try PEMFile(path)
    var found: [OpaquePointer] = unsafe []
    while let certificate = unsafe PEM_read_bio_X509(file.bio, nil, refusePassphrase, nil) {
      unsafe found.append(certificate)
    }
    // The end of the file is reported as an error, too.
    let entries = OpenSSLErrors.takeAll()
    if unsafe !found.isEmpty, PEMFile.isEnd(entries) { return unsafe found }
    unsafe found.forEach { unsafe X509_free($0) }
    throw PEMFile.error(entries, in: path, about: "certificate")
  }

  private static func privateKey(
    in path: String
  ) throws(TLSError) -> (key: OpaquePointer, warning: String?) {
    let file = try PEMFile(path)
    guard let key = unsafe PEM_read_bio_PrivateKey(file.bio, nil, refusePassphrase, nil) else {
      throw PEMFile.error(OpenSSLErrors.takeAll(), in: path, about: "private key")
    }
    return unsafe (key, warning(aboutKeyIn: path, file.status))
  }

  // MARK: Content of a certificate

  private static func names(of certificate: OpaquePointer) -> [String] {
    guard
      let list = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
        .map({ OpaquePointer($0) })
    else { return [] }
    defer { unsafe GENERAL_NAMES_free(list) }
    var names: [String] = []
    for index in 0..<(unsafe OPENSSL_sk_num(list)) {
      guard let entry = unsafe OPENSSL_sk_value(list, index) else { continue }
      var kind: Int32 = 0
      let value = unsafe GENERAL_NAME_get0_value(
        entry.assumingMemoryBound(to: GENERAL_NAME.self), &kind)
      guard kind == GEN_DNS, let text = unsafe value else { continue }
      let string = unsafe UnsafePointer(text.assumingMemoryBound(to: ASN1_STRING.self))
      let count = unsafe Int(ASN1_STRING_length(string))
      guard let bytes = unsafe ASN1_STRING_get0_data(string), count > 0 else { continue }
      names.append(
        unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    }
    return names
  }

  private static func warning(aboutKeyIn path: String, _ status: FileStatus?) -> String? {
    guard let status else { return nil }
    // The group's right to a file of another user, such as root, is how this user reads it.
    let foreign: UInt32 = status.owner == Syscalls.effectiveUserID ? 0o077 : 0o007
    guard status.permissions & foreign != 0 else { return nil }
    let mode = String(status.permissions, radix: 8)
    return "\(path): others may read the private key, its mode is 0\(mode); wants 0600 or 0400"
  }

  private static func warning(about certificate: OpaquePointer, in path: String) -> String? {
    guard let end = unsafe X509_get0_notAfter(certificate),
      let start = unsafe X509_get0_notBefore(certificate)
    else { return nil }
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard unsafe ASN1_TIME_diff(&days, &seconds, nil, end) == 1 else { return nil }
    if days < 0 || seconds < 0 {
      return "\(path): the certificate has expired; clients will refuse it"
    }
    if days < warningDays {
      return "\(path): the certificate expires in \(days) \(days == 1 ? "day" : "days")"
    }
    if unsafe X509_cmp_current_time(start) > 0 {
      return "\(path): the certificate is not valid yet; clients will refuse it"
    }
    return nil
  }
}
