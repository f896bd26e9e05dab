/// A name for a value that middleware attaches to a request, and the value's type.
///
///     enum UserKey: RequestKey { typealias Value = User }
///     request[UserKey.self] = user
public protocol RequestKey {
  /// The type of the value.
  associatedtype Value: Sendable
}
