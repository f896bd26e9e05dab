public import EventLoop
import Synchronization

/// The result of a reload of certificates.
package struct CertificateReload: Hashable, Sendable {
  /// How many certificates were read.
  package var count: Int
  /// The warnings about them for an operator, a line each.
  package var warnings: [String]
}

extension Server {
  /// Reads the certificates, keys and authorities of all TLS listeners again, all or none.
  ///
  /// Connections that come from here on are shown the new ones; open sessions stay as they are.
  ///
  /// - Returns: how many certificates there are; 0 if no listener is secured.
  /// - Throws: `TLSError` that names the file that cannot be used; the old certificates stay then.
  ///   The event log tells either outcome.
  @discardableResult
  public func reloadCertificates() async throws(TLSError) -> Int {
    do throws(TLSError) {
      let reload = try await replaceCertificates()
      notices.post(.certificatesReloaded(count: reload.count))
      return reload.count
    } catch {
      notices.post(.certificatesKept(reason: "\(error)"))
      log("certificates were not reloaded", about: [("error", "\(error)")])
      throw error
    }
  }

  /// Reads the certificates like `reloadCertificates`, without an event but for warnings.
  package func replaceCertificates() async throws(TLSError) -> CertificateReload {
    let contexts = try TLSContexts(configuration.listeners)
    // Reactors do not run before the start, and `start` reads the files itself.
    if !addresses.isEmpty {
      for handle in reactors { _ = await handle.run { $0.acceptors.adopt(contexts) } }
    }
    warn(about: contexts)
    return CertificateReload(count: contexts.certificateCount, warnings: contexts.warnings)
  }

  /// Reports the warnings about certificates.
  func warn(about contexts: TLSContexts) {
    let warnings = contexts.warnings
    toldOfCertificates.withLock { $0 = warnings }
    tell(warnings)
  }

  /// The warnings reported last about the listeners' certificates and keys, a line each.
  public var certificateWarnings: [String] { toldOfCertificates.withLock(\.self) }

  /// Reports warnings about other certificates and keys, such as those of the control API, a line
  /// each; warnings reported about the listeners' are not repeated.
  package func warn(aboutCertificates warnings: [String]) {
    let told = certificateWarnings
    tell(warnings.filter { !told.contains($0) })
  }

  private func tell(_ warnings: [String]) {
    for warning in warnings {
      log(warning: warning)
      notices.post(.certificate(warning: warning))
    }
  }
}

/// The contexts of the listeners, in their order; listeners in the clear have none.
struct TLSContexts: Sendable {
  private let contexts: [TLSContext?]

  /// Reads the files of all listeners.
  init(_ listeners: [Listener]) throws(TLSError) {
    var contexts: [TLSContext?] = []
    for listener in listeners {
      if let settings = listener.tls {
        contexts.append(try TLSContext.server(settings))
      } else {
        contexts.append(nil)
      }
    }
    self.contexts = contexts
  }

  /// The context of a listener.
  subscript(listener: Int) -> TLSContext? { contexts[listener] }

  /// How many certificates there are.
  var certificateCount: Int { contexts.reduce(0) { $0 + ($1?.certificateCount ?? 0) } }

  /// The warnings about them for an operator, each once.
  var warnings: [String] {
    var told: Set<String> = []
    return contexts.flatMap { $0?.warnings ?? [] }.filter { told.insert($0).inserted }
  }
}
