/// A value that one thread alone changes, for the few that change with every message.
///
/// The runtime checks each change of a class's property against overlapping ones: about 40
/// instructions that a message pays a dozen times. A confined value is changed without that check;
/// in return `body` must not reach the same value again, so it calls nothing but the value's own
/// methods. Public for the same reason as `ReactorBuffer`.
@safe
public struct Confined<Value: ~Copyable>: ~Copyable {
  @usableFromInline
  let pointer: UnsafeMutablePointer<Value>

  /// A value at its beginning.
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

extension Confined where Value: BitwiseCopyable {
  /// A copy of the value.
  @inlinable
  public var value: Value { unsafe pointer.pointee }
}
