import ControlProtocol

extension ScreenContext {
  /// The values that the console knows of the sessions' fields, for completion: the engine's routes,
  /// the rooms it has heard of, and what the visible rows tell.
  var knownValues: KnownValues {
    var known = KnownValues(routes: latest.statistics?.engine.routes ?? [])
    known.add(latest.roomNames, to: .room)
    known.add(latest.sessions?.sessions ?? [])
    return known
  }
}
