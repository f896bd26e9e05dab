import EventLoop
package import Vocabulary
import WebSocketProtocol

/// The facts of a session from its opening on: they never change, and are kept as small as can be,
/// since there is one for each of a million sessions.
package final class SessionProfile: Sendable {
  /// The session's name.
  package let id: SessionID
  /// The place where it came in.
  private let place: SessionPlace
  private let parameters: PathParameters
  private let attachments: [ObjectIdentifier: any Sendable]
  private let texts: PackedRequest
  // `recordIndex` shares a word with the count at the end of `texts`; `remotePort` and `isSecure`
  // share the next one.
  private let recordIndex: UInt32
  /// The peer's port; 0 for a Unix socket.
  package let remotePort: UInt16
  /// Whether the connection is encrypted.
  let isSecure: Bool

  /// The profile of a session.
  ///
  /// - Parameters:
  ///   - record: the index of its record in its reactor's slab.
  ///   - subprotocol: the subprotocol that was chosen.
  package init(
    id: SessionID, record: Int, place: SessionPlace, request: Request, subprotocol: String?
  ) {
    self.id = id
    self.place = place
    remotePort = UInt16(truncatingIfNeeded: request.remotePort)
    isSecure = request.isSecure
    recordIndex = UInt32(record)
    texts = PackedRequest(request, subprotocol: subprotocol)
    parameters = request.parameters
    attachments = request.attachments
  }

  /// A copy in memory of its own, without the parts that are only its handler's.
  private init(copying profile: SessionProfile) {
    id = profile.id
    place = profile.place
    remotePort = profile.remotePort
    isSecure = profile.isSecure
    recordIndex = profile.recordIndex
    texts = PackedRequest(copying: profile.texts)
    parameters = PathParameters()
    attachments = profile.attachments.filter { $0.key == Request.viaKey }
  }

  /// The profile that is kept of a session that is gone: without secrets, attachments of middleware
  /// and the parts that are only its handler's, and of a request that is longer than most only the
  /// path, the query and the user agent, cut.
  ///
  /// It is always a copy: memory that a reactor allocated would lie scattered in memory that a wave
  /// of sessions has left, and keep the system from getting it back.
  package func condensed(by redaction: Redaction = .off) -> SessionProfile {
    let isLong = texts.byteCount > Self.maximumKeptByteCount
    let whole = request
    var headers = Headers()
    if !isLong {
      for field in whole.headers {
        _ = headers.append(
          name: field.name, value: redaction.value(field.value, ofHeader: field.name))
      }
    } else if let agent = userAgent {
      let shown = redaction.value(agent, ofHeader: "User-Agent")
      _ = headers.append(name: "User-Agent", value: shown.cut(to: Self.maximumCutByteCount))
    }
    let query = whole.query.raw.map { redaction.query($0) }
    let (path, shownPath) = (path, redaction.path(path))
    let (subprotocol, shownSubprotocol) = (
      subprotocol, subprotocol.map { redaction.subprotocol($0) }
    )
    let hasSecrets =
      query != whole.query.raw || shownPath != path || shownSubprotocol != subprotocol
      || headers != whole.headers
    // Behind a proxy every session has one attachment: that of the engine itself.
    let hasMore = attachments.contains { $0.key != Request.viaKey }
    guard isLong || hasSecrets || hasMore else { return SessionProfile(copying: self) }
    let cut = isLong ? Self.maximumCutByteCount : Int.max
    var kept = Request(
      sessionID: id, route: route, parameters: PathParameters(), remoteAddress: remoteAddress,
      remotePort: Int(remotePort), isSecure: isSecure, rawPath: shownPath.cut(to: cut),
      rawQuery: query?.cut(to: cut), host: whole.host.cut(to: cut), headers: headers)
    kept.via = whole.via
    return SessionProfile(
      id: id, record: record, place: place, request: kept, subprotocol: shownSubprotocol)
  }

  /// The longest request of which all is kept, in bytes: browsers' have a third of that.
  private static let maximumKeptByteCount = 3 << 10
  /// The longest text that is kept of a longer one, in bytes.
  private static let maximumCutByteCount = 512

  /// The memory that the request takes where it is much longer than most, else 0; in bytes.
  ///
  /// The path's parameters, and the names that handlers make of them, are parts of it once more.
  var longRequestByteCount: Int {
    texts.byteCount > Self.maximumUsualByteCount ? 2 * texts.byteCount : 0
  }

  /// The longest request that is in no account but that of the number of sessions, in bytes.
  private static let maximumUsualByteCount = 1 << 10

  /// The index of its record in its reactor's slab.
  package var record: Int { Int(recordIndex) }

  /// The pattern of its route.
  package var route: String { place.route }

  /// The address of the listener that accepted it.
  package var listener: String { place.listener }

  /// The subprotocol that was chosen.
  package var subprotocol: String? { texts[.subprotocol] }

  /// The path as it was sent.
  package var path: String { texts[.path] ?? "" }

  /// The peer's address without a port, as text; for a Unix socket `unix`.
  package var remoteAddress: String { texts[.address] ?? "" }

  /// Lends the path as it was sent, without making a string of it.
  package func withPath<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    texts.withBytes(of: .path, body)
  }

  /// Lends the peer's address as text, without making a string of it.
  package func withAddress<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    texts.withBytes(of: .address, body)
  }

  /// Lends the subprotocol that was chosen, without making a string of it.
  package func withSubprotocol<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    texts.withBytes(of: .subprotocol, body)
  }

  /// The client's `User-Agent`, or nil.
  package var userAgent: String? { texts.field(named: "user-agent") }

  /// The fields of the request, without those of the opening handshake alone.
  package var headers: Headers { texts.headers }

  /// The request, put together anew each time.
  package var request: Request {
    let headers = texts.headers
    return Request(
      sessionID: id, route: route, parameters: parameters,
      remoteAddress: remoteAddress, remotePort: Int(remotePort), isSecure: isSecure,
      rawPath: path, rawQuery: texts[.query], host: texts[.host] ?? headers["Host"] ?? "",
      headers: headers, attachments: attachments)
  }
}
