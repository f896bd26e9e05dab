package import ControlProtocol
import Vocabulary

/// What the dialogs that close and send have in common: whom, what that would hit, how fast, and
/// the number that is typed before many are hit.
package struct ActPlan: Equatable, Sendable {
  /// The subjects that can be chosen between.
  package var choices: [ActSubjects]
  /// The one that is chosen.
  package var choice = 0
  /// What the engine says it would hit.
  package var preview = Preview.wanted
  /// Sessions per second, as typed; empty: as fast as they go.
  package var rate = LineEditor(maximumByteCount: 16)
  /// By how much pauses differ, as typed.
  package var jitter = LineEditor(maximumByteCount: 8)
  /// The number of sessions, as typed.
  package var typedCount = LineEditor(maximumByteCount: 16)

  /// Whether its command said yes already.
  package var isConfirmed = false

  /// What is known of what would be hit.
  package enum Preview: Equatable, Sendable {
    /// The engine has to be asked.
    case wanted
    /// It was asked, by the request with that tag.
    case awaited(tag: Int)
    /// It has answered.
    case known(ActPreview)
    /// It cannot tell, for a reason that may be drawn.
    case failed(String)
  }

  /// The fields that a plan may have.
  package enum Field: Sendable {
    case rate, jitter, count
  }

  /// A plan for the first of some subjects.
  package init(_ choices: [ActSubjects]) {
    self.choices = choices
  }

  /// Whom it is about.
  package var subjects: ActSubjects {
    choices.indices.contains(choice) ? choices[choice] : .sessions([])
  }

  /// Whether the engine has to be asked; a single session needs no count.
  package var wantsPreview: Bool { preview == .wanted && subjects.areMany }

  /// What the engine said, if it has.
  package var known: ActPreview? {
    if case .known(let preview) = preview { preview } else { nil }
  }

  /// How many sessions it would be, as far as is known.
  package var count: Int? { known?.count ?? subjects.namedCount }

  /// Goes to the next subjects, if there are any; what was said of the others counts no more.
  package mutating func chooseNext() -> Bool {
    guard choices.count > 1 else { return false }
    choice = (choice + 1) % choices.count
    preview = .wanted
    typedCount.replace(with: "")
    return true
  }

  /// Whether a field is of use now.
  package func has(_ field: Field) -> Bool {
    switch field {
    case .rate, .jitter: subjects.areMany
    case .count: count.map(TypedCount.isWanted) ?? false
    }
  }

  /// The rate, if one was typed and is right.
  package var ratePerSecond: Double? {
    QuantityText.perSecond(from: rate.text).flatMap {
      ActSelection.rates.contains($0) ? $0 : nil
    }
  }

  /// The jitter, if one was typed and is right.
  package var jitterShare: Double? {
    QuantityText.share(from: jitter.text).flatMap { (0...1).contains($0) ? $0 : nil }
  }

  /// What is wrong; nil if it can begin.
  package var problem: String? {
    if has(.rate), !rate.text.isEmpty, ratePerSecond == nil {
      return "the rate is sessions per second such as 50/s or 30/m"
    }
    if has(.jitter), !jitter.text.isEmpty {
      if jitterShare == nil { return "the jitter is a share of the pause such as 20%" }
      if rate.text.isEmpty { return "a jitter wants a rate" }
    }
    if case .filter = subjects {
      switch preview {
      case .wanted, .awaited: return "counting…"
      case .failed(let reason): return reason
      case .known(let preview):
        if preview.count == 0 { return "no open session matches" }
      }
    }
    if let count, has(.count), !TypedCount.matches(typedCount.text, count) {
      return "type \(count) to go on"
    }
    return nil
  }

  /// Whom, and how fast, as the engine is asked.
  package func selection(run: String?) -> ActSelection {
    var selection = ActSelection(engine: run)
    switch subjects {
    case .sessions(let sessions): selection.sessions = sessions
    case .filter(let filter):
      selection.filter = filter
      selection.token = known?.token
    }
    if has(.rate), let rate = ratePerSecond {
      selection.rate = rate
      selection.jitter = jitterShare
    }
    if selection.isFollowed { selection.wait = false }
    return selection
  }

  /// Changes the text of a field.
  package mutating func perform(_ edit: Action.Edit, in field: Field) {
    switch field {
    case .rate: rate.perform(edit)
    case .jitter: jitter.perform(edit)
    case .count: typedCount.perform(edit)
    }
  }

  /// Takes typed or pasted text.
  package mutating func insert(_ text: String, into field: Field) {
    switch field {
    case .rate: rate.insert(text)
    case .jitter: jitter.insert(text)
    case .count: typedCount.insert(text.filter { $0.isASCII && ($0.isNumber || $0 == " ") })
    }
  }
}
