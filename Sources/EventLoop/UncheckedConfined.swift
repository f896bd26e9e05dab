/// A value that one thread alone changes, without a check of that or of exclusive access.
///
/// The runtime's check of exclusive access to a class's property costs about 40 instructions, which
/// a message would pay a dozen times. In return the caller keeps two rules: every call is on the
/// thread that the value is confined to, and `body` never reaches the same value again, so that it
/// calls nothing but the value's own methods. Public for the same reason as `ReactorBuffer`.
@safe
public struct UncheckedConfined<Value: ~Copyable>: ~Copyable {
  @usableFromInline
  let pointer: UnsafeMutablePointer<Value>

  /// Allocates the value.
  public init(_ value: consuming Value) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: value)
  }

  deinit {
    unsafe pointer.deinitialize(count: 1)
    unsafe pointer.deallocate()
  }

  /// Changes the value.
  @inlinable @inline(__always)
  public func change<Result: ~Copyable>(_ body: (inout Value) -> Result) -> Result {
    body(&(unsafe pointer.pointee))
  }
}

extension UncheckedConfined where Value: BitwiseCopyable {
  /// A copy of the value.
  @inlinable
  public var value: Value { unsafe pointer.pointee }
}
