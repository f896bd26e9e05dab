internal import Vocabulary

/// Why a text is no filter: where it goes wrong, and what would be right.
public struct FilterError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The scalar at which it goes wrong, from 1.
  public var column: Int
  /// The fault there.
  var reason: Reason

  enum Reason: Equatable, Sendable {
    case textTooLong
    case tooManyTerms
    case nothingToNegate
    case negatedTwice
    case notAFlag(String)
    case keyWithoutOperator(SessionField)
    case unknownKey(String)
    case malformedOperator
    case operatorNotPermitted(SessionField, FilterOperator)
    case missingValue(SessionField)
    case invalidValue(SessionField, String)
    case unterminatedQuote
    case textAfterQuote
    case unknownEscape
  }

  /// The sentence, without the column; safe to show.
  public var message: String {
    switch reason {
    case .textTooLong: "a filter has at most \(SessionFilter.maximumByteCount) bytes"
    case .tooManyTerms: "a filter has at most \(SessionFilter.maximumTermCount) terms"
    case .nothingToNegate: "\"!\" stands before a flag or a term, such as !tls"
    case .negatedTwice: "one \"!\" is enough"
    case .notAFlag(let word):
      "\"\(UntrustedText.escaped(word))\" is no flag (\(flags))\(nearest(to: word)); to look for it "
        + "write path~"
        + UntrustedText.escaped(TextPattern(literal: word).quoted)
    case .keyWithoutOperator(let field):
      "\(field.rawValue) wants an operator and a value without spaces between, such as \(field.example)"
    case .unknownKey(let word):
      "no key is called \"\(UntrustedText.escaped(word))\"\(nearest(to: word)); the keys are "
        + SessionField.filterKeys.map(\.rawValue).joined(separator: " ")
        + ", and the flags \(flags)"
    case .malformedOperator:
      "the operators are " + FilterOperator.allCases.map(\.rawValue).joined(separator: " ")
    case .operatorNotPermitted(let field, let wrong):
      "\(field.rawValue) takes \(field.operators.map(\.rawValue).joined(separator: " ")), not "
        + "\(wrong.rawValue), such as \(field.example)"
    case .missingValue(let field):
      "\(field.rawValue) wants a value without a space before it, such as \(field.example)"
    case .invalidValue(let field, let text):
      "\"\(UntrustedText.escaped(text))\" is not \(wanted(by: field)), such as \(field.example)"
        + (fault(of: text, for: field).map { ": \($0)" } ?? "")
    case .unterminatedQuote: "the quote is not closed"
    case .textAfterQuote: "a space must follow the closing quote"
    case .unknownEscape: "in quotes a \\ stands only before \" \\ and *"
    }
  }

  /// The sentence with its column.
  public var description: String { "column \(column): \(message)" }

  private var flags: String { SessionField.flags.map(\.rawValue).joined(separator: " ") }

  /// A clause with the key or flag that is most similar to a word; empty if none is.
  private func nearest(to word: String) -> String {
    let known = (SessionField.filterKeys + SessionField.flags).map(\.rawValue)
    return NearestName.of(word, among: known).map { "; the nearest is \($0)" } ?? ""
  }

  /// The cause why a value is none, with what would be right; nil if that is plain.
  private func fault(of text: String, for field: SessionField) -> String? {
    switch field.kind {
    case .bytes, .owedBytes: QuantityText.faultOfBytes(text)
    case .seconds, .milliseconds, .moment: QuantityText.faultOfTime(text)
    case .port, .count, .rooms, .code: QuantityText.faultOfCount(text)
    case .id, .text, .names, .address, .state, .initiator, .flag, .ratio: nil
    }
  }

  private func wanted(by field: SessionField) -> String {
    switch field.kind {
    case .id: "a session's ID"
    case .state: "one of " + SessionState.allCases.map(\.rawValue).joined(separator: " ")
    case .initiator:
      "one of " + CloseInitiator.Kind.allCases.map(\.rawValue).joined(separator: " ")
        + ", or one with its detail"
    case .address: "an address, a block of addresses or a pattern with *"
    case .text, .names, .flag: "a text"
    case .port, .count, .rooms: "a whole number"
    case .bytes, .owedBytes: "a size"
    case .seconds, .milliseconds, .moment: "a time with its unit"
    case .code: "a close code"
    case .ratio: "a number with at most three decimals"
    }
  }
}

extension ControlError {
  /// The refusal of a request whose filter is wrong.
  public init(_ error: FilterError) {
    self.init(code: "invalid-filter", message: error.message, column: error.column)
  }
}
