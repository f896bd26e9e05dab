/// Ends the process, and so makes the input a finding, unless a promise holds.
@inline(__always)
public func promise(
  _ holds: Bool, _ text: @autoclosure () -> String, file: StaticString = #file,
  line: UInt = #line
) {
  if !holds { fatalError("a promise is broken: \(text())", file: file, line: line) }
}

/// Ends the process unless two ways to the same result agree.
@inline(__always)
public func promiseEqual<Value: Equatable>(
  _ one: Value, _ other: Value, _ text: @autoclosure () -> String, file: StaticString = #file,
  line: UInt = #line
) {
  promise(one == other, "\(text())\n  \(one)\n  \(other)", file: file, line: line)
}

/// Whether a text has nothing in it that moves a cursor: no C0 or C1 control, no DEL.
public func isFreeOfControls(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
}
