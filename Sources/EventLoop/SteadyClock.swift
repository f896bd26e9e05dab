/// Seconds since 1970 as they were at the start, plus the seconds that have passed since then.
///
/// A span measured by it is right also if the system's clock is set meanwhile.
package struct SteadyClock: Sendable {
  private let start = SystemClock.reading()

  /// A clock that starts now.
  package init() {}

  /// Now.
  package var seconds: Double {
    Double(start.wall) * 1e-9 + Double(SystemClock.reading().lasting - start.lasting) * 1e-9
  }
}
