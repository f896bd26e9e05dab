/// A refusal by the control API: the body of every status from 400 up.
public struct ControlError: Codable, Equatable, Sendable, Error {
  /// The fault.
  public var error: Body

  /// A term for programs and a sentence for people.
  public struct Body: Codable, Equatable, Sendable {
    /// The term, such as `invalid-filter`.
    public var code: String
    /// The sentence.
    public var message: String
    /// The column at which a filter goes wrong, from 1.
    public var column: Int?
  }

  /// A refusal.
  public init(code: String, message: String, column: Int? = nil) {
    error = Body(code: code, message: message, column: column)
  }
}
