import ControlProtocol
import Vocabulary

/// A session all of whose texts are one text, and whose numbers follow from it.
struct Subject: SessionFieldSubject {
  /// The text, at most its first 48 bytes.
  var text: String

  init(text: String) {
    self.text = String(decoding: text.utf8.prefix(48), as: UTF8.self)
  }

  var id: SessionID { SessionID(text) ?? SessionID(rawValue: UInt64(text.utf8.count)) }
  var state: SessionState { SessionState.allCases[text.utf8.count % 4] }
  var closeInitiator: CloseInitiator? { CloseInitiator(text) }

  func hasText(_ key: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    key == .room ? nil : test(text.utf8.span)
  }

  func number(_ key: SessionField, now: Double) -> SessionNumber {
    switch key {
    case .roundTrip: .unknown
    case .code: .absent
    default: .value(Double(text.utf8.count))
    }
  }

  func flag(_ flag: SessionField) -> Bool {
    flag == .tls
  }
}
