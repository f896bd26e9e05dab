/// One row of the key table.
package struct KeyBinding: Equatable, Sendable {
  /// The action.
  package var action: Action
  /// The keys; the first one is named in the footer.
  package var keys: [Key]
  /// The action, in the help.
  package var help: String
  /// The action, in the footer; nil keeps it out.
  package var hint: String?
  /// The places where it holds.
  package var places: Set<Place>

  init(
    _ action: Action, _ keys: [Key], _ help: String, hint: String? = nil,
    on screens: Set<Screen> = [], in places: Set<Place> = []
  ) {
    self.action = action
    self.keys = keys
    self.help = help
    self.hint = hint
    self.places = places.union(screens.map(Place.screen))
  }
}
