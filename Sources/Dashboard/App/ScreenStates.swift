import ControlProtocol

/// The states of all screens, each kept while others are shown.
package struct ScreenStates: Sendable {
  /// In the order of `Screen.allCases`.
  private var states: [any ScreenState]

  /// The screens as they are at the start.
  package init() {
    states = Screen.allCases.map { $0.type.init() }
  }

  /// The state of a screen.
  package subscript(screen: Screen) -> any ScreenState {
    get { states[screen.rawValue] }
    _modify { yield &states[screen.rawValue] }
  }

  /// The state of a type, of which there is one.
  package subscript<State: ScreenState>(type: State.Type) -> State {
    get {
      for case let state as State in states { return state }
      preconditionFailure("no screen has a state of type \(type)")
    }
    set {
      guard let index = states.firstIndex(where: { $0 is State }) else {
        preconditionFailure("no screen has a state of type \(type)")
      }
      states[index] = newValue
    }
  }

  /// Gives a reply to the screen that asked; false if none did.
  mutating func take(_ reply: ControlReply, tag: Int) -> Bool {
    for index in states.indices where states[index].take(reply, tag: tag) { return true }
    return false
  }

  /// Changes every screen, from the first to the last, with the shared state.
  mutating func forEach(
    in context: inout ScreenContext,
    _ body: (inout any ScreenState, inout ScreenContext) -> Void
  ) {
    for index in states.indices { body(&states[index], &context) }
  }
}
