import Dashboard
import Glibc

extension UTCOffsets {
  /// The local time of this process, as far as the system's tables reach.
  static var system: UTCOffsets {
    let year = 366.0 * 86_400
    let now = Double(time(nil))
    // `step` is below the shortest span between two changes that lasted: a month, in Morocco.
    return UTCOffsets(in: 0...max(year, now + 5 * year), step: 7 * 86_400) { moment in
      var seconds = time_t(moment)
      var parts = tm()
      localtime_r(&seconds, &parts)
      return parts.tm_gmtoff
    }
  }
}
