package import ControlProtocol
import Vocabulary

/// The forecast of a change of a limit in sentences, for the dialog and the command line.
package enum ForecastText {
  /// The rejections, their precision, the sessions over the value, and sessions that it does not
  /// reach; the first sentence is always there.
  ///
  /// - Parameter now: seconds since 1970.
  package static func lines(_ forecast: LimitForecast, now: Double) -> [String] {
    var lines = [rejected(forecast, now: now)]
    if let doubt = doubt(forecast) { lines.append(doubt) }
    lines.append(over(forecast))
    if let narrower = narrower(forecast) { lines.append(narrower) }
    return lines
  }

  /// The rejections that the new value would have caused.
  package static func rejected(_ forecast: LimitForecast, now: Double) -> String {
    let span = "last " + HumanText.duration(forecast.recordedSeconds)
    if forecast.messagesIn != nil || forecast.messagesOut != nil {
      let parts = [(forecast.messagesIn, "in"), (forecast.messagesOut, "out")].compactMap {
        messages, way in messages.map { "\(count($0)) \(way)" }
      }
      return "\(span): would have rejected " + parts.joined(separator: ", ")
    }
    guard let peak = forecast.peak else { return "what it would have rejected is not known" }
    let isSize = forecast.key.definition.unit == .bytes
    var text = "\(span): peak "
    text +=
      isSize
      ? QuantityText.readableBytes(peak.greatest) : QuantityText.readableCount(peak.greatest)
    if let address = peak.address { text += " from \(UntrustedText.escaped(address, limit: 64))" }
    let ago = max(0, peak.secondsAgo ?? now - peak.at)
    if ago >= 60 { text += ", \(HumanText.duration(ago)) ago" }
    return text + "; over it in \(peak.minutesOver) of "
      + (peak.minutes == 1 ? "1 minute" : "\(peak.minutes) minutes")
  }

  /// The number of sessions over the new value.
  package static func over(_ forecast: LimitForecast) -> String {
    guard let count = forecast.sessionsOver else { return "who is over it now is not known" }
    return forecast.key == .messageBytes
      ? Self.sessions(count) + (count == 1 ? " has" : " have") + " had a larger message"
      : "over it now: " + Self.sessions(count)
  }

  private static func count(_ messages: MessageForecast) -> String {
    var text = QuantityText.readableCount(messages.atLeast)
    if let most = messages.atMost {
      if most != messages.atLeast { text += " to \(QuantityText.readableCount(most))" }
    } else {
      text = "at least \(text)"
    }
    if let total = messages.total { text += " of \(QuantityText.readableCount(total))" }
    return text
  }

  private static func doubt(_ forecast: LimitForecast) -> String? {
    let buckets = [forecast.messagesIn, forecast.messagesOut].compactMap { $0?.bucket }
    if let bucket = buckets.first, bucket.count == 2 {
      return "between: sizes of \(QuantityText.readableCount(bucket[0])) to "
        + "\(QuantityText.readableCount(bucket[1])) B are counted together"
    }
    let all = [forecast.messagesIn, forecast.messagesOut].compactMap { $0 }
    return all.contains { $0.atMost == nil }
      ? "at least: of one session only the largest message is known" : nil
  }

  private static func narrower(_ forecast: LimitForecast) -> String? {
    var parts: [String] = []
    if forecast.narrowerRoutes > 0 {
      parts.append(
        "\(forecast.narrowerRoutes) route" + (forecast.narrowerRoutes == 1 ? "" : "s"))
    }
    if forecast.narrowerSessions > 0 { parts.append(sessions(forecast.narrowerSessions)) }
    guard !parts.isEmpty else { return nil }
    let isOne = forecast.narrowerRoutes + forecast.narrowerSessions == 1
    return parts.joined(separator: " and ")
      + (isOne ? " has a setting of its own" : " have settings of their own")
  }

  private static func sessions(_ count: Int) -> String {
    QuantityText.readableCount(count) + (count == 1 ? " session" : " sessions")
  }
}
