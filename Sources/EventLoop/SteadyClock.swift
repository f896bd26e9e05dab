/// Seconds since 1970 as they were at the start, and as many more as have passed since then: what
/// the console measures by it lasts as long as it does, whoever sets the system's clock meanwhile.
package struct SteadyClock: Sendable {
  private let start = SystemClock.reading()

  /// A clock that starts now.
  package init() {}

  /// Now.
  package var seconds: Double {
    Double(start.wall) * 1e-9 + Double(SystemClock.reading().lasting - start.lasting) * 1e-9
  }
}
