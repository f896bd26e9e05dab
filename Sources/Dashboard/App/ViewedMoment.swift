/// A moment of the past that is shown in place of the present.
package struct ViewedMoment: Equatable, Sendable {
  /// The moment, in seconds since 1970.
  package var at: Double
  /// How long ago it was, in seconds.
  package var age: Double
  /// Whether it was in a run of the engine that is over.
  package var isOfAnotherRun: Bool
}

extension ScreenContext {
  /// Shows that nothing can be done in the past; true if that is shown.
  mutating func refusePast() -> Bool {
    guard let viewedMoment else { return false }
    note(
      "this is \(HumanText.duration(viewedMoment.age)) ago, and only to look at: "
        + "\(keyLabel(.cancel)) goes back to now", .warning)
    return true
  }
}

extension Model {
  /// The model as it is drawn: with a picture of the past in place of the present.
  var asShown: Model {
    guard context.screen == .sessions, context.pages.isEmpty,
      let (screen, shown) = screens[SessionsScreen.self].ofPast(in: context)
    else { return self }
    var model = self
    model.context = shown
    model.screens[SessionsScreen.self] = screen
    return model
  }
}
