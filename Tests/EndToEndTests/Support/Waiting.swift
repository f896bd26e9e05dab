import Testing

/// What a test waited for did not come.
struct TimedOut: Error, CustomStringConvertible {
  /// What was waited for, and what was there instead.
  var description: String
}

/// How long a test waits for what should come at once, on a machine that has other things to do.
let patience = Duration.seconds(120)

/// Asks until the answer is not nil.
///
/// - Throws: `TimedOut` after the deadline, with what was waited for.
func eventually<Value>(
  _ what: @autoclosure () -> String, within limit: Duration = patience,
  isolation: isolated (any Actor)? = #isolation, _ attempt: () async throws -> Value?
) async throws -> Value {
  let deadline = ContinuousClock.now.advanced(by: limit)
  while true {
    if let value = try await attempt() { return value }
    guard ContinuousClock.now < deadline else { throw TimedOut(description: what()) }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Asks until a condition holds.
///
/// - Throws: `TimedOut` after the deadline, with what was waited for.
func until(
  _ what: @autoclosure () -> String, within limit: Duration = patience,
  isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
  try await eventually(what(), within: limit) { try await condition() ? () : nil }
}
