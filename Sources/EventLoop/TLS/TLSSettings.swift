/// The certificates that a listener shows, and its demand for those of clients.
///
/// TLS 1.2 and 1.3 are spoken. Of several certificates the first whose subjectAltName has the name
/// that the client asks for is shown (SNI, RFC 6066 §3), else the first.
public struct TLSSettings: Hashable, Sendable {
  /// The files of one certificate, both in PEM.
  public struct CertificateFiles: Hashable, Sendable {
    /// The certificate, followed by those of its signers.
    public var certificate: String
    /// Its private key, without a passphrase.
    public var privateKey: String

    /// The paths of a certificate and its key.
    public init(certificate: String, privateKey: String) {
      self.certificate = certificate
      self.privateKey = privateKey
    }
  }

  /// The demand for certificates of clients.
  public enum ClientCertificates: Hashable, Sendable {
    /// Nothing.
    case ignored
    /// A certificate signed by one of those in the file, of clients that have one.
    case optional(authorities: String)
    /// A certificate signed by one of those in the file.
    case required(authorities: String)

    /// The file of the certificates that sign clients' certificates.
    public var authorities: String? {
      switch self {
      case .ignored: nil
      case .optional(let path), .required(let path): path
      }
    }
  }

  /// The certificates; at least one, of which the first is the default.
  public var certificates: [CertificateFiles]
  /// The demand for certificates of clients.
  public var clientCertificates: ClientCertificates

  /// The cipher suites by OpenSSL's names with colons between (openssl-ciphers(1)); nil: of TLS 1.2
  /// those with forward secrecy and authenticated encryption alone, of TLS 1.3 all.
  public var ciphers: String?

  /// Certificates, and the demand for those of clients.
  public init(
    certificates: [CertificateFiles], clientCertificates: ClientCertificates = .ignored,
    ciphers: String? = nil
  ) {
    self.certificates = certificates
    self.clientCertificates = clientCertificates
    self.ciphers = ciphers
  }

  /// One certificate, and nothing asked of clients.
  public init(certificate: String, privateKey: String) {
    self.init(certificates: [CertificateFiles(certificate: certificate, privateKey: privateKey)])
  }
}
