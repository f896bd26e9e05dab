internal import COpenSSL
internal import Vocabulary

/// A file in PEM, open for reading.
@safe
struct PEMFile: ~Copyable {
  let bio: OpaquePointer

  /// Opens a file.
  ///
  /// - Throws: `TLSError` with the system's reason.
  init(_ path: String) throws(TLSError) {
    OpenSSLErrors.clear()
    guard let bio = unsafe BIO_new_file(FileName.cString(path), "r") else {
      throw OpenSSLErrors.take(.file, about: path, otherwise: "it cannot be read")
    }
    unsafe self.bio = bio
  }

  deinit {
    unsafe BIO_free(bio)
  }

  /// The file's owner and permissions; nil if they cannot be found out.
  var status: FileStatus? { try? FileStatus(of: unsafe COpenSSL_descriptor(bio)) }

  /// Whether a read found nothing but the end, which each kind of reader reports in its own way.
  static func isEnd(_ entries: [OpenSSLErrors.Entry]) -> Bool {
    entries.allSatisfy { entry in
      switch entry.library {
      case ERR_LIB_PEM: entry.reason == PEM_R_NO_START_LINE
      case ERR_LIB_OSSL_DECODER: entry.reason == COpenSSL_unsupported
      case ERR_LIB_X509: entry.reason == X509_R_NO_CERTIFICATE_OR_CRL_FOUND
      default: false
      }
    }
  }

  /// The error of a file from which nothing could be read.
  static func error(
    _ entries: [OpenSSLErrors.Entry], in path: String, about thing: String
  ) -> TLSError {
    let isEncrypted = entries.contains {
      $0.library == ERR_LIB_PEM && $0.reason == PEM_R_BAD_PASSWORD_READ
        || $0.library == ERR_LIB_CRYPTO && $0.reason == ERR_R_INTERRUPTED_OR_CANCELLED
    }
    let reason =
      if isEncrypted {
        "the \(thing) is encrypted; wants one without a passphrase"
      } else if isEnd(entries) {
        "there is no \(thing) in it; wants PEM"
      } else {
        "the \(thing) is malformed" + (entries.first.map { ": \($0.text)" } ?? "")
      }
    return TLSError(.file, subject: path, reason: reason)
  }
}

/// Answers the question for a passphrase, which OpenSSL would otherwise ask on the terminal.
func refusePassphrase(
  _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int32, _ isForWriting: Int32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 { -1 }
