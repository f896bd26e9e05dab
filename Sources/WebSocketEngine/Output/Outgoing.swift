import EventLoop
import Vocabulary
import WebSocketProtocol

/// A message ready to wait in a backlog: framed if it is short, else held once to be cut.
///
/// One can be appended to many backlogs: a broadcast is framed, and compressed, once for all of its
/// recipients.
struct Outgoing: Sendable {
  private enum Form: Sendable {
    case frame(SharedBytes)
    case message(SharedBytes)
  }

  /// The size of the message, before it was compressed.
  let byteCount: Int
  /// The account that counts the bytes if other backlogs have them too: once for all of them.
  private let account: ByteAccount?
  /// Whether other backlogs have it too.
  var isShared: Bool { account != nil }
  private let kind: MessageKind
  private let fragmentByteCount: Int
  private let isCompressed: Bool
  private let form: Form
  /// The compressed forms of the message, for recipients that take it so.
  private let compressedForms: CompressedForms?

  /// A message with a copy of the payload.
  ///
  /// - Parameter compressedFrom: the size of the message of which deflate made the payload; nil if
  ///   the payload is the message.
  init(
    _ payload: Span<UInt8>, as kind: MessageKind, fragmentByteCount: Int,
    compressedFrom byteCount: Int? = nil, sharedIn account: ByteAccount? = nil
  ) {
    self.init(
      payload, kind, fragmentByteCount, compressedFrom: byteCount, account: account, forms: nil)
  }

  /// A message that is compressed for those recipients whose sessions allow it.
  init(
    pushing message: Span<UInt8>, as kind: MessageKind, fragmentByteCount: Int,
    sharedIn account: ByteAccount
  ) {
    self.init(
      message, kind, fragmentByteCount, compressedFrom: nil, account: account,
      forms: CompressedForms())
  }

  private init(
    _ payload: Span<UInt8>, _ kind: MessageKind, _ fragmentByteCount: Int,
    compressedFrom byteCount: Int?, account: ByteAccount?, forms: CompressedForms?
  ) {
    let isCompressed = byteCount != nil
    self.byteCount = byteCount ?? payload.count
    self.account = account
    self.kind = kind
    self.fragmentByteCount = fragmentByteCount
    self.isCompressed = isCompressed
    form =
      payload.count <= fragmentByteCount
      ? .frame(
        FrameEncoder.frame(kind.opcode, rsv1: isCompressed, payload: payload, account: account))
      : .message(SharedBytes(copying: payload, account: account))
    compressedForms = forms
  }

  /// Adds the message at the end of a backlog.
  ///
  /// - Parameter compression: the session's, if it takes a message of this size compressed.
  func append(to backlog: inout Backlog, _ compression: MessageCompression? = nil) {
    if let compression, let smaller = compressed(by: compression) {
      smaller.append(to: &backlog)
      return compression.sentIndependently()
    }
    switch form {
    case .frame(let bytes): backlog.append(frames: bytes, isShared: isShared)
    case .message(let payload):
      backlog.append(
        LongMessage(
          payload, as: MessagePart(whole: kind), isCompressed: isCompressed,
          fragmentByteCount: fragmentByteCount),
        isShared: isShared)
    }
  }

  /// The frame that a recipient is sent; nil for a message that leaves in fragments.
  ///
  /// It must be sent next, or nothing more at all.
  ///
  /// - Parameter compression: the session's, if it takes a message of this size compressed.
  func frame(_ compression: MessageCompression?) -> SharedBytes? {
    if let compression, let smaller = compressed(by: compression) {
      guard case .frame(let bytes) = smaller.form else { return nil }
      compression.sentIndependently()
      return bytes
    }
    guard case .frame(let bytes) = form else { return nil }
    return bytes
  }

  /// Lends the payload as it was before any compression.
  func withPayload(_ body: (Span<UInt8>, MessageKind) -> Void) {
    let (bytes, start) =
      switch form {
      case .frame(let bytes): (bytes, bytes.count - byteCount)
      case .message(let payload): (payload, 0)
      }
    bytes.withSpan { body($0.extracting(start..<$0.count), kind) }
  }

  /// The size of the compressed payload; nil if it is sent as it is.
  ///
  /// - Parameter compression: the session's, if it takes a message of this size compressed.
  func compressedByteCount(by compression: MessageCompression) -> Int? {
    compressed(by: compression).map { smaller in
      switch smaller.form {
      case .frame(let bytes):
        bytes.withSpan { frame in
          let extendedByteCount = frame[1] == 127 ? 8 : frame[1] == 126 ? 2 : 0
          return frame.count - 2 - extendedByteCount
        }
      case .message(let payload): payload.count
      }
    }
  }

  private func compressed(by compression: MessageCompression) -> Outgoing? {
    guard let windowBits = compression.independentWindowBits(forMessageOf: byteCount) else {
      return nil
    }
    return compressedForms?.form(windowBits: windowBits) {
      let (bytes, start) =
        switch form {
        case .frame(let bytes): (bytes, bytes.count - byteCount)
        case .message(let payload): (payload, 0)
        }
      return bytes.withSpan { bytes in
        compression.deflateIndependently(
          bytes.extracting(start..<bytes.count), windowBits: windowBits
        ) { payload in
          Outgoing(
            payload, as: kind, fragmentByteCount: fragmentByteCount, compressedFrom: byteCount,
            sharedIn: account)
        }
      }
    }
  }
}
