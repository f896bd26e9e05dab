internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension SessionDetails {
  /// The longest value of a header that is shown, in bytes.
  static let maximumHeaderByteCount = 1024

  /// The details of a session.
  ///
  /// - Parameter particulars: the answer of its reactor; nil if it has not answered.
  init(
    _ session: ObservedSession, _ particulars: SessionParticulars?, run: String,
    at moment: Moment
  ) {
    var row = SessionRow(session, at: moment)
    row.path = session.profile.path
    self.init(
      engine: run, row: row, query: session.profile.query,
      subprotocol: session.profile.subprotocol,
      headers: session.profile.headers.map {
        Header(name: $0.name, value: $0.value.cut(to: Self.maximumHeaderByteCount))
      },
      rooms: particulars?.rooms ?? [],
      limits: (particulars?.limits ?? []).map(LimitRow.init),
      tlsVersion: particulars?.tls.map { "\($0.version) \($0.cipher)" },
      tlsResumed: particulars?.tls?.isResumed, serverName: particulars?.tls?.serverName,
      clientCertificate: particulars?.tls?.peerSubject,
      compression: particulars?.compression.map { SessionCompression($0, session.sample) },
      listener: session.profile.listener, via: session.profile.via,
      lastRoundTripMilliseconds: session.sample.roundTripLast.map { Double($0) * 1e-6 })
  }
}

extension SessionCompression {
  /// The negotiated parameters, and the ratios so far.
  init(_ parameters: DeflateParameters, _ sample: SessionSample) {
    func ratio(_ payload: Int, _ wire: Int) -> Double? {
      payload == 0 || wire == 0 ? nil : Double(payload) / Double(wire)
    }
    self.init(
      mode: MessageCompression.isDedicated(parameters) ? .dedicated : .shared,
      parameters: parameters.description, ratioIn: ratio(sample.bytesIn, sample.wireIn),
      ratioOut: ratio(sample.bytesOut, sample.wireOut))
  }
}
