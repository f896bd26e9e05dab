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
