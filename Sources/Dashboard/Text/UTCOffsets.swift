/// The offset of local time from UTC at each moment: in summer, in winter, and before the law was
/// changed.
package struct UTCOffsets: Equatable, Sendable {
  private struct Change: Equatable, Sendable {
    var from: Double
    var seconds: Int
  }

  private var first: Int
  private var changes: [Change] = []

  /// Local time with one offset.
  package init(_ seconds: Int = 0) {
    first = seconds
  }

  /// Local time in a span, with constant offsets before and after it.
  ///
  /// - Parameters:
  ///   - span: in seconds since 1970.
  ///   - step: the least time between two changes, in seconds.
  ///   - offset: gives the offset at a moment, in seconds.
  package init(in span: ClosedRange<Double>, step: Double, offset: (Double) -> Int) {
    first = offset(span.lowerBound)
    var (place, seconds) = (span.lowerBound, first)
    while place < span.upperBound {
      let next = min(place + step, span.upperBound)
      let there = offset(next)
      if there != seconds {
        // `high` comes down to the second, since laws change the time at a whole one.
        var (low, high) = (place, next)
        while high - low > 1 {
          let middle = ((low + high) / 2).rounded(.down)
          if offset(middle) == seconds { low = middle } else { high = middle }
        }
        changes.append(Change(from: high, seconds: there))
        seconds = there
      }
      place = next
    }
  }

  /// The offset at a moment in seconds since 1970, in seconds.
  package func seconds(at moment: Double) -> Int {
    changes.last { $0.from <= moment }?.seconds ?? first
  }
}
