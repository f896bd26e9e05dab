internal import CLinux
internal import Glibc

/// A failure of the operating system: the call that failed, and its errno.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call, such as `bind`.
  public let call: String
  /// The error's number (errno.h), or that of a name that was not found, below 0 (netdb.h).
  public let number: Int32
  /// The object of the call, such as an address or a path; empty if nothing helps.
  public let subject: String

  /// A failed call.
  public init(call: String, number: Int32, subject: String = "") {
    self.call = call
    self.number = number
    self.subject = subject
  }

  /// The system's own sentence for the number, such as "Address already in use".
  public var reason: String {
    if number < 0, let text = unsafe gai_strerror(number) { return unsafe String(cString: text) }
    var text = [CChar](repeating: 0, count: 128)
    return unsafe String(cString: CLinux_errorText(number, &text, text.count))
  }

  /// The whole line: subject, call and reason.
  public var description: String {
    (subject.isEmpty ? "" : "\(subject): ") + "\(call): \(reason)"
  }

  /// Runs a body that calls the system, and wraps its error in another type.
  static func wrapped<Result, Failure: Error>(
    _ wrap: (SystemError) -> Failure, _ body: () throws(SystemError) -> Result
  ) throws(Failure) -> Result {
    do throws(SystemError) { return try body() } catch { throw wrap(error) }
  }

  /// Whether the machine has no such address, or no address of its kind.
  package var isNoSuchAddress: Bool { number == EADDRNOTAVAIL || number == EAFNOSUPPORT }
  /// Whether nobody listens there: ENOENT or ECONNREFUSED of a Unix socket.
  package var isNobodyThere: Bool { number == ENOENT || number == ECONNREFUSED }
  /// A connection that the peer has reset.
  package static let connectionReset = SystemError(call: "recv", number: ECONNRESET)
  /// Whether the peer is gone (ECONNRESET, EPIPE).
  package var isConnectionLost: Bool { number == ECONNRESET || number == EPIPE }
  /// Whether the system forbids it (EACCES, EPERM).
  package var isForbidden: Bool { number == EACCES || number == EPERM }
}
