import ArgumentParser
import WebSocketEngine

/// The certificates of TLS listeners.
struct CertificateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The certificate of tls: listeners and those that signed it, in PEM; repeatable: a client's "
        + "server name chooses, else the first.", valueName: "file"), completion: .file())
  var certificate: [String] = []

  @Option(
    help: ArgumentHelp(
      "The private key of a certificate, in PEM; one for each, in their order.",
      valueName: "file"), completion: .file())
  var privateKey: [String] = []

  @Option(
    help: ArgumentHelp(
      "Ask clients for certificates that are signed by one of these, in PEM.", valueName: "file"),
    completion: .file())
  var clientCertificates: String?

  @Option(
    help: ArgumentHelp(
      "Whether a client must have one: required or optional. (default: required)",
      valueName: "mode"), completion: .list(["required", "optional"]))
  var clientCertificateMode: ClientCertificateMode?

  @Option(
    help: ArgumentHelp(
      "The cipher suites of TLS, as openssl ciphers names them. (default: for TLS 1.2 ECDHE with "
        + "AES-GCM or ChaCha20 alone)", valueName: "list"))
  var tlsCiphers: String?

  /// Whether a client must present a certificate.
  enum ClientCertificateMode: String, ExpressibleByArgument, CaseIterable {
    case required, optional
  }

  /// Whether no certificate option was given.
  var isEmpty: Bool {
    certificate.isEmpty && privateKey.isEmpty && clientCertificates == nil
      && clientCertificateMode == nil
  }

  /// The settings of each TLS listener.
  func settings() throws -> TLSSettings {
    guard !certificate.isEmpty else {
      throw ValidationError("--listen tls: wants --certificate FILE and --private-key FILE")
    }
    guard certificate.count == privateKey.count else {
      throw ValidationError(
        "--certificate is given \(certificate.count) times and --private-key "
          + "\(privateKey.count) times: each certificate wants its key")
    }
    guard clientCertificateMode == nil || clientCertificates != nil else {
      throw ValidationError("--client-certificate-mode wants --client-certificates FILE")
    }
    return TLSSettings(
      certificates: zip(certificate, privateKey).map {
        TLSSettings.CertificateFiles(certificate: $0, privateKey: $1)
      },
      clientCertificates: clientCertificates.map { path in
        clientCertificateMode == .optional
          ? .optional(authorities: path) : .required(authorities: path)
      } ?? .ignored, ciphers: tlsCiphers)
  }

  /// The same flags as words, for a child process.
  var arguments: [String] {
    var words: [String] = []
    for path in certificate { words += ["--certificate", path] }
    for path in privateKey { words += ["--private-key", path] }
    if let clientCertificates { words += ["--client-certificates", clientCertificates] }
    if let clientCertificateMode {
      words += ["--client-certificate-mode", clientCertificateMode.rawValue]
    }
    if let tlsCiphers { words += ["--tls-ciphers", tlsCiphers] }
    return words
  }
}
