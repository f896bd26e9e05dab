internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension ControlLoop {
  /// Previews an act, or begins it: by filter, with a pace, or as a dry run.
  func answer(_ sessionAct: SessionAct, by actor: ActPerformer, on connection: ClientConnection) {
    let selection = sessionAct.selection
    if let refusal = actor.otherRun(selection.engine) {
      return connection.answer(HTTPAnswer(refusal.reply))
    }
    let filter: SessionFilter?
    do throws(FilterError) {
      filter = try selection.filter.map { text throws(FilterError) in
        try SessionFilter(text, for: .operate)
      }
    } catch {
      return connection.answer(HTTPAnswer(ControlRefusal(status: 400, ControlError(error))))
    }
    guard let filter else {
      let ids = selection.sessions ?? []
      guard selection.isDryRun else {
        let named = Observer.Selection(
          targets: ids.map { ActTarget(id: $0) }, moment: observer.moment)
        return answer(sessionAct, nil, named, by: actor, on: connection)
      }
      return find(observer.selection(ids), for: connection) { loop, named, connection in
        loop.answer(sessionAct, nil, named.sorted, by: actor, on: connection)
      }
    }
    if let refusal = observer.refusal(ofActsBy: filter) {
      return connection.answer(HTTPAnswer(refusal))
    }
    if filter.usesRates {
      observer.wantRates(at: reactor.now)
      guard observer.meter.isWarm else {
        return connection.answer(
          HTTPAnswer(
            ControlRefusal(
              status: 503, code: "rates-unknown",
              "what sessions do is measured from now on: ask again in two seconds")))
      }
    }
    find(sessionAct, filter, by: actor, for: connection)
  }

  /// Finds the targets of an act by filter, and answers; rooms are looked up before.
  private func find(
    _ sessionAct: SessionAct, _ filter: SessionFilter, by actor: ActPerformer,
    for connection: ClientConnection
  ) {
    guard filter.looksAtRooms else {
      return find(observer.selection(filter), for: connection) { loop, selected, connection in
        loop.answer(sessionAct, filter, selected.sorted, by: actor, on: connection)
      }
    }
    let number = connection.number
    fetchRooms(.all) { loop, isKnown in
      guard let connection = loop.connections[number] else { return }
      guard isKnown else {
        return connection.answer(
          HTTPAnswer(
            ControlRefusal(
              status: 503, code: "stopping",
              "the engine stops, and does not know any more who is in which room: nothing was done"
            )))
      }
      loop.find(loop.observer.selection(filter), for: connection) { loop, selected, connection in
        loop.answer(sessionAct, filter, selected.sorted, by: actor, on: connection)
      }
    }
  }

  /// Runs a search among all sessions for a connection, over as many turns as it takes.
  private func find<Found>(
    _ search: SessionSearch<Found>, for connection: ClientConnection,
    then: @escaping (ControlLoop, Found, ClientConnection) -> Void
  ) {
    let number = connection.number
    proceed { [unowned self] deadline in
      guard let connection = connections[number] else { return true }
      guard let found = search.step(until: deadline) else { return false }
      then(self, found, connection)
      return true
    }
  }

  private func answer(
    _ sessionAct: SessionAct, _ filter: SessionFilter?, _ selected: Observer.Selection,
    by actor: ActPerformer,
    on connection: ClientConnection
  ) {
    guard !sessionAct.selection.isDryRun else {
      return connection.answer(HTTPAnswer(.preview(acts.preview(sessionAct, filter, selected))))
    }
    let waits = sessionAct.selection.wait ?? (sessionAct.selection.rate == nil)
    do throws(ControlRefusal) {
      let status = try acts.begin(
        sessionAct, filter, selected.targets, by: actor,
        waiter: waits ? connection.number : nil)
      if !waits { connection.answer(HTTPAnswer(.progress(status))) }
    } catch {
      connection.answer(HTTPAnswer(error))
    }
  }

  /// Answers with the progress of an act.
  func answerAct(_ id: Int, on connection: ClientConnection) {
    guard let status = acts.status(of: id) else {
      return connection.answer(HTTPAnswer(ActScheduler.noAct(id)))
    }
    connection.answer(HTTPAnswer(.progress(status)))
  }

  /// Ends an act.
  func abort(
    _ id: Int, _ request: AbortRequest, by actor: ActPerformer, on connection: ClientConnection
  ) {
    if let refusal = actor.otherRun(request.engine) {
      return connection.answer(HTTPAnswer(refusal.reply))
    }
    do throws(ControlRefusal) {
      let status = try acts.abort(id, actor: actor.actor, waiter: connection.number)
      if let status { connection.answer(HTTPAnswer(.progress(status))) }
    } catch {
      connection.answer(HTTPAnswer(error))
    }
  }
}
