/// What the fuzzer made up, read from the front: first the choices, then the bytes under test.
public struct FuzzInput {
  private var bytes: ArraySlice<UInt8>

  /// The input at the address that libFuzzer passes.
  public init(_ address: UnsafePointer<UInt8>?, _ count: Int) {
    bytes = Array(UnsafeBufferPointer(start: address, count: count))[...]
  }

  /// Whether all has been taken.
  public var isEmpty: Bool { bytes.isEmpty }

  /// The next byte, 0 when there is none.
  public mutating func byte() -> UInt8 {
    bytes.popFirst() ?? 0
  }

  /// The next bytes, fewer at the end.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }

  /// All that is left.
  public mutating func rest() -> [UInt8] {
    defer { bytes = [] }
    return Array(bytes)
  }

  /// All that is left, in parts that a byte separates.
  public mutating func parts(separator: UInt8 = 0) -> [[UInt8]] {
    rest().split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
  }

  /// How the bytes under test are cut.
  public mutating func cuts() -> Cuts {
    Cuts(choice: byte())
  }
}
