package import Vocabulary

/// The addresses of a host, as they were looked up last.
package struct ResolvedName: Sendable {
  /// The addresses in the order in which they should be tried (RFC 6724): at least one, and at most
  /// `NameResolver.maximumAddressCount`.
  package let addresses: [ResolvedAddress]
  /// The time of the lookup that found them.
  package let foundAt: Instant
  /// The reason why there are no newer ones, though there should be: the latest lookup failed, or
  /// takes long (ETIMEDOUT).
  package let error: SystemError?

  init(_ addresses: [ResolvedAddress], foundAt: Instant, error: SystemError? = nil) {
    self.addresses = addresses
    self.foundAt = foundAt
    self.error = error
  }
}

/// The reason why a name has no addresses.
package enum ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system found none, and there are none from before.
  case notFound(SystemError)
  /// As many names are in use as may be.
  case tooManyNames(maximum: Int)
  /// As many requests wait for lookups as may.
  case tooManyWaiting(maximum: Int)
  /// The resolver was stopped.
  case stopped

  /// The fault and its subject, in one line.
  package var description: String {
    switch self {
    case .notFound(let error): error.description
    case .tooManyNames(let maximum):
      "no further name is looked up: \(maximum) are in use, the most there may be"
    case .tooManyWaiting(let maximum):
      "the name is not looked up now: \(maximum) requests wait for lookups, the most there may be"
    case .stopped: "no name is looked up any more: the engine stops"
    }
  }
}
