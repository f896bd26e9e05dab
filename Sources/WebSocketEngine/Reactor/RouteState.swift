/// One reactor's state of one route: its limits now, and the sizes of its messages.
final class RouteState {
  /// The route's place among the engine's routes.
  let index: Int
  /// The route's pattern.
  let pattern: String
  /// Sizes of messages received; the observer reads them too.
  let sizesIn: SizeHistogram
  /// Sizes of messages sent; the observer reads them too.
  let sizesOut: SizeHistogram
  /// The upstreams of a route that is relayed.
  let pool: UpstreamPool?
  /// The limits of a session without overrides.
  var limits: SessionLimits
  /// The places, by the listeners' addresses; there are as many as sessions came in by.
  private var places: [String: SessionPlace] = [:]

  init(
    index: Int, pattern: String, sizesIn: SizeHistogram, sizesOut: SizeHistogram,
    limits: SessionLimits, pool: UpstreamPool?
  ) {
    self.index = index
    self.pattern = pattern
    self.sizesIn = sizesIn
    self.sizesOut = sizesOut
    self.limits = limits
    self.pool = pool
  }

  /// The route and a listener, as all their sessions share it.
  func place(on listener: String) -> SessionPlace {
    if let place = places[listener] { return place }
    let place = SessionPlace(route: pattern, listener: listener)
    places[listener] = place
    return place
  }
}

@available(*, unavailable)
extension RouteState: Sendable {}
