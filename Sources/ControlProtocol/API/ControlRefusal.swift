/// The refusal of a request: the HTTP status and why.
public struct ControlRefusal: Error, Equatable, Sendable {
  /// The HTTP status, from 400 up.
  public var status: Int
  /// The body of the reply.
  public var error: ControlError
  /// With 405, the methods that the path allows: the value of `Allow`.
  public var allowedMethods: [ControlMethod]

  /// A refusal.
  public init(status: Int, _ error: ControlError, allowedMethods: [ControlMethod] = []) {
    self.status = status
    self.error = error
    self.allowedMethods = allowedMethods
  }

  /// The reply with the refusal.
  public var reply: ControlReply { .refused(status: status, error.error) }
}
