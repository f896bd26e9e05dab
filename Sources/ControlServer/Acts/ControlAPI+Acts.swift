internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The requests that do something to sessions: one path for all of them, named or by filter, with a
/// pace or without.
extension ControlAPI {
  /// Previews an act, or carries it out.
  func perform(
    _ act: SessionAct, for actor: ControlActor
  ) async throws(ControlRefusal) -> ControlReply {
    let selection = act.selection
    try check(run: selection.engine)
    guard let text = selection.filter else {
      let ids = selection.sessions ?? []
      guard selection.isDryRun else {
        return try await acts.carryOut(act, on: ids, for: actor)
      }
      let named = try Self.found(await turns.finish(observer.selection(ids).step))
      return .preview(acts.preview(act, nil, named.sorted))
    }
    let filter: SessionFilter
    do throws(FilterError) {
      filter = try SessionFilter(text, for: .operate)
    } catch {
      throw ControlRefusal(status: 400, ControlError(error))
    }
    let selected = try await select(filter).sorted
    guard !selection.isDryRun else { return .preview(acts.preview(act, filter, selected)) }
    return try await acts.carryOut(act, on: selected.targets, matching: filter, for: actor)
  }

  /// Finds the targets of an act by filter; rooms are looked up before.
  private func select(_ filter: SessionFilter) async throws(ControlRefusal) -> Observer.Selection {
    if let refusal = observer.refusal(ofActsBy: filter) { throw refusal }
    if filter.usesRates {
      observer.wantRates(at: reactor.now)
      guard observer.meter.isWarm else {
        throw ControlRefusal(
          status: 503, code: "rates-unknown",
          "what sessions do is measured from now on: ask again in two seconds")
      }
    }
    if filter.looksAtRooms {
      guard await fetchRooms(.all) else {
        throw ControlRefusal(
          status: 503, code: "stopping",
          "the engine stops, and does not know any more who is in which room: nothing was done")
      }
    }
    return try Self.found(await turns.finish(observer.selection(filter).step))
  }

  /// Ends an act once the step under way is over.
  func abort(
    _ id: Int, _ request: AbortRequest, for actor: ControlActor
  ) async throws(ControlRefusal) -> ActStatus {
    try check(run: request.engine)
    return try await acts.abort(id, for: actor)
  }
}
