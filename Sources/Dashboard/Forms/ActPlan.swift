package import ControlProtocol
import Vocabulary

/// The common part of the dialogs that close and send: target, preview, pace, and the count that is
/// typed before an act on many sessions.
package struct ActPlan: Equatable, Sendable {
  /// The targets to choose from.
  package var choices: [ActSubjects]
  /// The index of the chosen target.
  package var choice = 0
  /// The engine's preview of the act.
  package var preview = Preview.wanted
  /// Sessions per second, as typed; empty: unpaced.
  package var rate = LineEditor(maximumByteCount: 16)
  /// The jitter of the pauses, as typed.
  package var jitter = LineEditor(maximumByteCount: 8)
  /// The number of sessions, as typed.
  package var typedCount = LineEditor(maximumByteCount: 16)

  /// Whether the command said yes already.
  package var isConfirmed = false

  /// The state of the preview.
  package enum Preview: Equatable, Sendable {
    /// The engine has to be asked.
    case wanted
    /// The request with that tag asks for it.
    case awaited(tag: Int)
    /// The engine has answered.
    case known(ActPreview)
    /// The engine refused, for a reason that is safe to draw.
    case failed(String)
  }

  /// The fields of a plan.
  package enum Field: Sendable {
    case rate, jitter, count
  }

  /// A plan for the first of some targets.
  package init(_ choices: [ActSubjects]) {
    self.choices = choices
  }

  /// The chosen target.
  package var subjects: ActSubjects {
    choices.indices.contains(choice) ? choices[choice] : .sessions([])
  }

  /// Whether the engine has to be asked; a single session needs no preview.
  package var wantsPreview: Bool { preview == .wanted && subjects.areMany }

  /// The preview, if the engine has answered.
  package var known: ActPreview? {
    if case .known(let preview) = preview { preview } else { nil }
  }

  /// The number of sessions, as far as it is known.
  package var count: Int? { known?.count ?? subjects.namedCount }

  /// Chooses the next target, if there is another; preview and typed count begin anew.
  package mutating func chooseNext() -> Bool {
    guard choices.count > 1 else { return false }
    choice = (choice + 1) % choices.count
    preview = .wanted
    typedCount.replace(with: "")
    return true
  }

  /// Whether a field is of use for the target.
  package func has(_ field: Field) -> Bool {
    switch field {
    case .rate, .jitter: subjects.areMany
    case .count:
      // All sessions are few at times, but never by mistake.
      count.map { TypedCount.isWanted(for: $0) || subjects.areAll && $0 > 0 } ?? false
    }
  }

  /// The rate, if one was typed and is valid.
  package var ratePerSecond: Double? {
    QuantityText.perSecond(from: rate.text).flatMap {
      ActSelection.rates.contains($0) ? $0 : nil
    }
  }

  /// The jitter, if one was typed and is valid.
  package var jitterShare: Double? {
    QuantityText.share(from: jitter.text).flatMap { (0...1).contains($0) ? $0 : nil }
  }

  /// The problem that keeps the act from beginning, and its field if it is in one; or nil.
  package var problem: (text: String, field: Field?)? {
    if has(.rate), !rate.text.isEmpty, ratePerSecond == nil {
      return ("the rate is sessions per second such as 50/s or 30/m", .rate)
    }
    if has(.jitter), !jitter.text.isEmpty {
      if jitterShare == nil { return ("the jitter is a share of the pause such as 20%", .jitter) }
      if rate.text.isEmpty { return ("a jitter wants a rate", .rate) }
    }
    if case .filter = subjects {
      switch preview {
      case .wanted, .awaited: return ("counting…", nil)
      case .failed(let reason): return (reason, nil)
      case .known(let preview):
        if preview.count == 0 { return ("no open session matches", nil) }
      }
    }
    if let count, has(.count), !TypedCount.matches(typedCount.text, count) {
      return ("type \(count) to go on", .count)
    }
    return nil
  }

  /// The target and the pace, as the request has them.
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

  /// Edits a field.
  package mutating func perform(_ edit: Action.Edit, in field: Field) {
    switch field {
    case .rate: rate.perform(edit)
    case .jitter: jitter.perform(edit)
    case .count: typedCount.perform(edit)
    }
  }

  /// Inserts typed or pasted text.
  package mutating func insert(_ text: String, into field: Field) {
    switch field {
    case .rate: rate.insert(text)
    case .jitter: jitter.insert(text)
    case .count: typedCount.insert(text.filter { $0.isASCII && ($0.isNumber || $0 == " ") })
    }
  }
}
