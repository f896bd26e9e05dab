/// A request that the control API does not take: the HTTP status and why.
public struct ControlRefusal: Error, Equatable, Sendable {
  /// The HTTP status, from 400 up.
  public var status: Int
  /// The body of the answer.
  public var error: ControlError
  /// With 405, the methods that the path takes: the value of `Allow`.
  public var allowedMethods: [ControlMethod]

  /// A refusal.
  public init(status: Int, _ error: ControlError, allowedMethods: [ControlMethod] = []) {
    self.status = status
    self.error = error
    self.allowedMethods = allowedMethods
  }

  /// The reply that says so.
  public var reply: ControlReply { .refused(status: status, error.error) }
}
