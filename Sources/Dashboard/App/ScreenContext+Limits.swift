import ControlProtocol
import Vocabulary

extension ScreenContext {
  // MARK: Forecasts

  /// Asks for the forecast of the change in the dialog, one question at a time.
  mutating func limitPreviewIfChanged() -> [Effect] {
    guard case .limit(var form)? = dialog, connection.isConnected, form.preview.asked == nil,
      let question = form.question, question != form.preview.answered
    else { return [] }
    form.preview.asked = question
    dialog = .limit(form)
    var request = question
    request.engine = run
    let tag = pending.add(PendingAct(kind: .previewLimit(question), command: ""))
    return [.request(tag: tag, .changeLimits(request))]
  }

  /// Takes a forecast; one of another change than was asked for last is dropped.
  mutating func takeLimitPreview(_ preview: LimitPreview, for kind: PendingAct.Kind) {
    guard kind.isLimitPreview else { return show(preview) }
    answer(kind) { form, question in
      form.preview.answered = question
      form.preview.forecast = preview.forecasts.first { $0.key == form.row.key }
    }
  }

  /// Shows the forecast of a command that changes nothing.
  private mutating func show(_ preview: LimitPreview) {
    let lines = preview.forecasts.flatMap { forecast in
      ["\(forecast.key.rawValue): \(shown(forecast.old)) → \(shown(forecast.new))"]
        + ForecastText.lines(forecast, now: latest.readAt).map { "  " + $0 }
    }
    notice = nil
    pages.append(.text("What it would do for \(shown(preview.scope.text))", lines, ListPosition()))
  }

  /// Takes a refusal, which the change itself would meet as well.
  mutating func refuseLimitPreview(_ sentence: String, for kind: PendingAct.Kind) {
    answer(kind) { form, question in
      form.preview.answered = question
      form.preview.forecast = nil
    }
    note("refused: \(sentence)", .failed)
  }

  private mutating func answer(
    _ kind: PendingAct.Kind, _ body: (inout LimitForm, LimitChange) -> Void
  ) {
    guard case .previewLimit(let question) = kind, case .limit(var form)? = dialog,
      form.preview.asked == question
    else { return }
    form.preview.asked = nil
    body(&form, question)
    dialog = .limit(form)
  }

  // MARK: Results of changes

  /// The result of a change of limits, in words.
  func sentence(on list: LimitList, for kind: PendingAct.Kind) -> String {
    let outcome = list.outcome ?? LimitOutcome()
    var text: String
    switch kind {
    case .setLimit(let key, _, let old, let new, let revertAfter):
      text = "\(key.rawValue): \(shown(old)) → \(shown(new))"
      if let revertAfter {
        text += ", reverts in \(shown(revertAfter)) unless kept (\(keyLabel(.keep)))"
      }
    case .unsetLimit(_, let scope) where !outcome.notSet.isEmpty:
      return outcome.notSetText(at: scope)
    case .unsetLimit(let key, let scope):
      text = "\(key.rawValue) is no longer set for \(shown(scope))"
    case .keepLimit(let key): return "\(key.rawValue) is kept"
    case .other where !outcome.notSet.isEmpty:
      return "not set there, nothing to unset: "
        + outcome.notSet.map(\.rawValue).joined(separator: ", ")
    case .other: text = "the limits are changed"
    case .close, .send, .preview, .follow, .abort, .previewLimit: return "done"
    }
    if outcome.closed > 0 { text += ", closed " + Self.count(outcome.closed, "session") }
    if outcome.kept > 0 { text += ", " + Self.count(outcome.kept, "session") + " over it stay" }
    return text
  }
}

extension PendingAct.Kind {
  /// Whether the request changes nothing.
  var isLimitPreview: Bool { if case .previewLimit = self { true } else { false } }
}
