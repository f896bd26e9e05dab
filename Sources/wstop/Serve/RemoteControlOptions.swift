import ArgumentParser
import ControlServer
import Vocabulary
import WebSocketEngine

/// The listener of the control API beyond its Unix socket.
struct RemoteControlOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Serve the control API on tls:HOST:PORT too, to holders of tokens; repeatable.",
      valueName: "address"))
  var controlListen: [String] = []

  @Option(
    help: ArgumentHelp(
      "The tokens for it: lines of role (view or operate), name, and the token or sha256:DIGEST.",
      valueName: "file"), completion: .file())
  var controlTokens: String?

  @Option(
    help: ArgumentHelp(
      "The certificate of it, in PEM. (default: that of the tls: listeners)", valueName: "file"),
    completion: .file())
  var controlCertificate: String?

  @Option(
    help: ArgumentHelp("The private key of that, in PEM.", valueName: "file"),
    completion: .file())
  var controlPrivateKey: String?

  private static let prefix = "tls:"

  /// Whether it presents the certificates of the sessions' listeners.
  var usesCertificatesOfListeners: Bool { !controlListen.isEmpty && controlCertificate == nil }

  /// The settings; nil if the control API is served on this machine alone.
  func settings(besides certificates: CertificateOptions) throws -> RemoteControl? {
    guard !controlListen.isEmpty else {
      guard controlTokens == nil, controlCertificate == nil, controlPrivateKey == nil else {
        throw ValidationError(
          "--control-tokens, --control-certificate and --control-private-key are for "
            + "--control-listen tls:HOST:PORT")
      }
      return nil
    }
    guard controlListen.count <= RemoteControl.maximumAddressCount else {
      throw ValidationError(
        "--control-listen is given \(controlListen.count) times: wants at most "
          + "\(RemoteControl.maximumAddressCount)")
    }
    let places = try controlListen.map(Self.place)
    guard let controlTokens else {
      throw ValidationError("--control-listen wants --control-tokens FILE")
    }
    return RemoteControl(
      places: places, tls: try tls(besides: certificates), tokens: controlTokens)
  }

  private static func place(_ text: String) throws -> ListenAddress {
    let shown = UntrustedText.escaped(text)
    do throws(ListenAddress.Fault) {
      if text.hasPrefix(prefix) {
        let place = try ListenAddress(parsing: String(text.dropFirst(prefix.count)))
        if case .internet = place.address { return place }
      }
    } catch {
      guard error == .address else { throw ValidationError("--control-listen \(shown): \(error)") }
    }
    throw ValidationError(
      "--control-listen \(shown): wants tls:HOST:PORT; it never listens without TLS")
  }

  private func tls(besides certificates: CertificateOptions) throws -> TLSSettings {
    guard (controlCertificate == nil) == (controlPrivateKey == nil) else {
      throw ValidationError("--control-certificate and --control-private-key want each other")
    }
    if let controlCertificate, let controlPrivateKey {
      let files = TLSSettings.CertificateFiles(
        certificate: controlCertificate, privateKey: controlPrivateKey)
      return TLSSettings(certificates: [files], ciphers: certificates.tlsCiphers)
    }
    guard !certificates.certificate.isEmpty else {
      throw ValidationError(
        "--control-listen wants --control-certificate FILE and --control-private-key FILE")
    }
    // Client certificates for sessions do not concern the control API.
    return TLSSettings(
      certificates: try certificates.settings().certificates, ciphers: certificates.tlsCiphers)
  }

  /// The same flags as words, for a child process.
  var arguments: [String] {
    controlListen.flatMap { ["--control-listen", $0] }
      + (controlTokens.map { ["--control-tokens", $0] } ?? [])
      + (controlCertificate.map { ["--control-certificate", $0] } ?? [])
      + (controlPrivateKey.map { ["--control-private-key", $0] } ?? [])
  }
}
