import Synchronization

/// A message for many, compressed independently for each window that is asked for, once, at the
/// first request, by whichever reactor comes first.
final class CompressedForms: Sendable {
  /// The compressed message for each window; nil: it does not become smaller.
  private let forms = Mutex<[Int: Outgoing?]>([:])

  /// The message for a window of 2^`windowBits` bytes; nil: it is sent as it is.
  ///
  /// - Parameter make: compresses; another reactor that asks meanwhile waits, as it would have to
  ///   do the same.
  func form(windowBits: Int, _ make: () -> Outgoing?) -> Outgoing? {
    forms.withLock { forms in
      if let made = forms[windowBits] { return made }
      let made = make()
      forms[windowBits] = .some(made)
      return made
    }
  }
}
