internal import COpenSSL
internal import Foundation

/// Certificates and keys made for one test, in files that are removed with it.
@safe
package final class TestCertificates: Sendable {
  /// What a certificate and its key are to be.
  package struct Plan: Sendable {
    /// The subject's common name.
    package var commonName = "test"
    /// DNS names and, written `IP:…`, addresses of the subjectAltName.
    package var names: [String] = ["localhost", "IP:127.0.0.1"]
    /// The kind of key.
    package var key = Key.p256
    /// Whether it may sign others.
    package var isAuthority = false
    /// From when it is valid, in seconds from now.
    package var begins = -3600
    /// Until when it is valid, in seconds from now.
    package var ends = 90 * 86_400

    /// A plan with a name.
    package init(_ commonName: String = "test", names: [String] = ["localhost", "IP:127.0.0.1"]) {
      self.commonName = commonName
      self.names = names
    }

    /// The same plan with changes.
    package func with(_ change: (inout Plan) -> Void) -> Plan {
      var plan = self
      change(&plan)
      return plan
    }
  }

  /// Kinds of keys.
  package enum Key: Sendable {
    /// ECDSA on P-256.
    case p256
    /// RSA with so many bits.
    case rsa(bits: Int32)
  }

  /// A certificate and its key, in files and in memory.
  @safe
  package final class Pair: Sendable {
    /// The path of the certificate.
    package let certificate: String
    /// The path of its key.
    package let privateKey: String
    // Nobody changes what is behind them after `init`.
    nonisolated(unsafe) fileprivate let pointer: OpaquePointer
    nonisolated(unsafe) fileprivate let key: OpaquePointer

    fileprivate init(
      certificate: String, privateKey: String, _ pointer: OpaquePointer, _ key: OpaquePointer
    ) {
      self.certificate = certificate
      self.privateKey = privateKey
      unsafe self.pointer = pointer
      unsafe self.key = key
    }

    deinit {
      unsafe X509_free(pointer)
      unsafe EVP_PKEY_free(key)
    }
  }

  /// A call of OpenSSL's that failed.
  package struct Failed: Error {
    /// The call.
    package var call: String
  }

  /// The directory of the files.
  package let directory: String

  /// A directory without files.
  package init() throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("wstop-certificates-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// A path in the directory.
  package func path(_ name: String) -> String { directory + "/" + name }

  /// Writes a file, and gives its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }

  /// Makes a certificate, signed by another one or by itself, in files named after it.
  ///
  /// - Parameter passphrase: encrypts the key.
  package func make(
    _ plan: Plan = Plan(), signedBy issuer: Pair? = nil, file: String? = nil,
    passphrase: String? = nil
  ) throws -> Pair {
    let key = unsafe try Self.key(plan.key)
    guard let certificate = unsafe X509_new() else { throw Failed(call: "X509_new") }
    unsafe X509_set_version(certificate, 2)
    unsafe ASN1_INTEGER_set(
      X509_get_serialNumber(certificate), Int.random(in: 1...Int(Int32.max)))
    unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), plan.begins)
    unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), plan.ends)
    unsafe X509_set_pubkey(certificate, key)
    let subject = unsafe X509_get_subject_name(certificate)
    let name = Array(plan.commonName.utf8)
    unsafe X509_NAME_add_entry_by_txt(
      subject, "CN", MBSTRING_FLAG, name, Int32(name.count), -1, 0)
    let issuerName = unsafe issuer.map { unsafe X509_get_subject_name($0.pointer) } ?? subject
    unsafe X509_set_issuer_name(certificate, issuerName)
    if plan.isAuthority {
      unsafe try Self.add(NID_basic_constraints, "critical,CA:TRUE", to: certificate)
    }
    if !plan.names.isEmpty {
      let names = plan.names.map { $0.hasPrefix("IP:") ? $0 : "DNS:" + $0 }
      unsafe try Self.add(NID_subject_alt_name, names.joined(separator: ","), to: certificate)
    }
    guard unsafe X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0 else {
      throw Failed(call: "X509_sign")
    }
    let base = path(file ?? plan.commonName.replacingOccurrences(of: "/", with: "_"))
    unsafe try Self.write(to: base + ".pem") { unsafe PEM_write_bio_X509($0, certificate) }
    unsafe try Self.write(to: base + ".key") { bio in
      guard let passphrase else {
        return unsafe PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil)
      }
      let bytes = Array(passphrase.utf8)
      return unsafe PEM_write_bio_PrivateKey(
        bio, key, EVP_aes_128_cbc(), bytes, Int32(bytes.count), nil, nil)
    }
    return unsafe Pair(
      certificate: base + ".pem", privateKey: base + ".key", certificate, key)
  }

  private static func key(_ kind: Key) throws -> OpaquePointer {
    let name = if case .p256 = kind { "EC" } else { "RSA" }
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
      throw Failed(call: "EVP_PKEY_CTX_new_from_name")
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    unsafe EVP_PKEY_keygen_init(context)
    switch kind {
    case .p256: unsafe EVP_PKEY_CTX_set_group_name(context, "P-256")
    case .rsa(let bits): unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits)
    }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
      throw Failed(call: "EVP_PKEY_generate")
    }
    return unsafe key
  }

  private static func add(
    _ kind: Int32, _ value: String, to certificate: OpaquePointer
  ) throws {
    guard let field = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else {
      throw Failed(call: "X509V3_EXT_conf_nid")
    }
    defer { unsafe X509_EXTENSION_free(field) }
    guard unsafe X509_add_ext(certificate, field, -1) == 1 else {
      throw Failed(call: "X509_add_ext")
    }
  }

  private static func write(to path: String, _ body: (OpaquePointer) -> Int32) throws {
    guard let bio = unsafe BIO_new_file(path, "w") else { throw Failed(call: "BIO_new_file") }
    defer { unsafe BIO_free(bio) }
    guard unsafe body(bio) == 1 else { throw Failed(call: "PEM_write_bio") }
    // As a private key has to be.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }
}
