internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension EngineStatistics {
  /// The numbers of a server at a moment, read without stopping a reactor.
  init(of context: ControlContext, rates: RateSample, at moment: Moment) {
    let server = context.server
    self.init(
      engine: EngineIdentity(
        run: server.run, name: context.name, version: context.version,
        processID: Int(Syscalls.processID), startedAt: server.startedAt,
        listeners: server.listenerTexts, routes: server.routePatterns),
      now: moment.seconds, uptimeSeconds: moment.secondsSince(server.startedInstant))
    self.rates = rates
    for handle in server.reactors { add(handle.counters) }
    bufferedBytes = server.admission.buffered.byteCount
    sessions.limit = server.admission.maximumSessionCount
    sessions.limitedBy = server.admission.isBoundByDescriptors ? LimitBound.descriptors : nil
    history = context.history?.statistics
    let ledger = server.ledger.snapshot()
    closes = ledger.closes.map { CloseCount(code: $0.code, by: $0.initiator, count: $0.count) }
    refusals = ledger.refusals.map {
      RefusalCount(reason: $0.reason, status: $0.status, count: $0.count)
    }
    sizesIn = SizeDistribution(of: server.reactors.flatMap(\.sizesIn))
    sizesOut = SizeDistribution(of: server.reactors.flatMap(\.sizesOut))
  }

  private mutating func add(_ counters: ReactorCounters) {
    sessions.opening += counters[.openingNow]
    sessions.open += counters[.openNow]
    sessions.opened += counters[.opened]
    sessions.closed += counters[.closed]
    traffic.messagesIn += counters[.messagesIn]
    traffic.messagesOut += counters[.messagesOut]
    traffic.bytesIn += counters[.bytesIn]
    traffic.bytesOut += counters[.bytesOut]
    traffic.wireBytesIn += counters[.wireIn]
    traffic.wireBytesOut += counters[.wireOut]
    droppedMessages += counters[.droppedMessages]
    ratePauses += counters[.ratePauses]
    slowTurns += counters[.slowTurns]
    reactors.append(
      ReactorLoad(
        open: counters[.openNow], messagesIn: counters[.messagesIn], turns: counters[.turns]))
  }
}

extension SizeDistribution {
  /// The sizes that some histograms counted together.
  init(of histograms: [SizeHistogram]) {
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    var maximum = 0
    for histogram in histograms {
      histogram.add(to: &counts)
      maximum = max(maximum, histogram.maximum)
    }
    self.init(bucketCounts: counts, maximum: maximum)
  }
}
