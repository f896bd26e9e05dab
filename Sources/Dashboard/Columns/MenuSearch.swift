import ControlProtocol

/// The text that is typed in a menu to go to an entry.
package struct MenuSearch: Equatable, Sendable {
  /// The text; empty once another key is pressed.
  package private(set) var typed = ""
  /// The text that was typed last and that no entry has; empty if one had it.
  private var missed = ""

  /// The longest text, in characters.
  static let maximumCount = 32

  /// Nothing typed.
  package init() {}

  /// Takes typed text, and finds the entry that it means.
  ///
  /// Small letters, digits and the marks of keys are taken alone, so that other keys keep what they
  /// do. Text that no entry has begins anew, or is not taken.
  ///
  /// - Parameter entries: the texts of each entry, its key first.
  /// - Returns: the entry's index, or nil if none has the text; nil too for what is not taken.
  mutating func insert(_ text: String, among entries: [[String]]) -> Int? {
    missed = ""
    for wanted in [typed + text, text] where wanted.count <= Self.maximumCount {
      if let index = Self.find(wanted, among: entries) {
        typed = wanted
        return index
      }
    }
    missed = String(text.prefix(Self.maximumCount))
    return nil
  }

  /// Whether a menu takes a text as typed.
  static func takes(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
          || "./".unicodeScalars
            .contains(scalar)
      }
  }

  /// Deletes the last character, and finds the entry of the rest.
  mutating func deleteLast(among entries: [[String]]) -> Int? {
    missed = ""
    typed = String(typed.dropLast())
    return typed.isEmpty ? nil : Self.find(typed, among: entries)
  }

  /// Forgets the text, as the cursor moves by itself.
  mutating func clear() { self = MenuSearch() }

  /// The title of the menu with the text that is typed.
  func title(_ title: String) -> String {
    if !missed.isEmpty { return "\(title): none has \(typed)\(missed)" }
    return typed.isEmpty ? "\(title): type to choose" : "\(title): \(typed)"
  }

  /// The first entry whose key begins with a text, else one of whose texts does, else has it inside.
  private static func find(_ wanted: String, among entries: [[String]]) -> Int? {
    entries.firstIndex { $0.first?.hasPrefix(wanted) ?? false }
      ?? entries.firstIndex { texts in texts.contains { $0.lowercased().hasPrefix(wanted) } }
      ?? entries.firstIndex { texts in texts.contains { $0.lowercased().contains(wanted) } }
  }
}

extension MenuSearch {
  /// The texts of a column, by which it is found.
  static func texts<Column: SortKey>(of key: Column) -> [String] {
    [key.rawValue, key.title] + key.headings
  }
}
