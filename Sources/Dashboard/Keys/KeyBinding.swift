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
  /// The contexts in which it holds.
  package var contexts: Set<KeyContext>

  /// The name by which a file gives it other keys; nil if its keys are fixed, as those in menus are:
  /// letters go to entries there.
  package var name: String? {
    contexts.isSubset(of: KeyContext.menus) ? nil : action.name
  }

  init(
    _ action: Action, _ keys: [Key], _ help: String, hint: String? = nil,
    on screens: Set<Screen> = [], in contexts: Set<KeyContext> = []
  ) {
    self.action = action
    self.keys = keys
    self.help = help
    self.hint = hint
    self.contexts = contexts.union(screens.map(KeyContext.screen))
  }
}
