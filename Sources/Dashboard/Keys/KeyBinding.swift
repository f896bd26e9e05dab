/// One row of the key table.
package struct KeyBinding: Equatable, Sendable {
  /// What the keys do.
  package var action: Action
  /// The keys; the first one is named in the footer.
  package var keys: [Key]
  /// What the keys do, in the help.
  package var help: String
  /// What they do, in the footer; nil keeps them out of it.
  package var hint: String?
  /// Where they do it.
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
