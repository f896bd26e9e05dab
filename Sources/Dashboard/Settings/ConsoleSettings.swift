import ControlProtocol
import Vocabulary

/// The settings of `console.conf`: theme, mouse, interval, keys, alarms and marking rules.
///
/// A faulty line is left out, with a problem; the others hold, and the console starts in any case.
package struct ConsoleSettings: Equatable, Sendable {
  /// The theme; nil if the file has none.
  package var theme: Theme?
  /// Whether the mouse is used; nil if the file does not set it.
  package var usesMouse: Bool?
  /// Milliseconds between two snapshots; nil if the file does not set it.
  package var intervalMilliseconds: Int?
  /// The keys.
  package var keys = KeyMap()
  /// The alarms, in the order of the file.
  package var alarms: [Alarm] = []
  /// The rules by which sessions are highlighted.
  package var marks = MarkingRules()
  /// The problems of the file, by line.
  package var problems: [SettingsProblem] = []

  /// The defaults, without a file.
  package init() {}

  /// The settings of a file's text.
  package init(_ text: String) {
    let (lines, problems) = SettingsText.lines(of: text, lists: ["alarm", "mark"])
    self.problems = problems
    var keyLines: [KeyMap.Line] = []
    for line in lines {
      do throws(SettingsProblem) {
        if let name = line.name.split(separator: ".", maxSplits: 1).last,
          line.name.hasPrefix("keys.")
        {
          keyLines.append(try Self.keys(String(name), line))
        } else {
          try take(line)
        }
      } catch {
        self.problems.append(error)
      }
    }
    let (map, conflicts) = KeyMap.standard.replacing(keyLines)
    keys = map
    self.problems += conflicts
    self.problems.sort { $0.line < $1.line }
  }

  private mutating func take(_ line: SettingsText.Line) throws(SettingsProblem) {
    switch line.name {
    case "theme":
      guard let theme = Theme(rawValue: line.value) else {
        throw Self.problem(
          line,
          "\(SettingsProblem.quoted(line.value)) is no theme: they are "
            + Theme.allCases.map(\.rawValue).joined(separator: " "))
      }
      self.theme = theme
    case "mouse":
      guard ["on", "off"].contains(line.value) else {
        throw Self.problem(line, "mouse is on or off")
      }
      usesMouse = line.value == "on"
    case "refresh":
      let texts = Pacing.steps.map(Pacing.text)
      guard let index = texts.firstIndex(of: line.value) else {
        throw Self.problem(line, "refresh is one of " + texts.joined(separator: " "))
      }
      intervalMilliseconds = Pacing.steps[index]
    case "alarm": try takeAlarm(line)
    case "mark": try takeMark(line)
    default:
      throw Self.problem(
        line,
        "nothing is called \(SettingsProblem.quoted(line.name)): there are theme, mouse, "
          + "refresh, alarm, mark and keys.ACTION")
    }
  }

  private mutating func takeAlarm(_ line: SettingsText.Line) throws(SettingsProblem) {
    guard alarms.count < Alarm.maximumCount else {
      throw Self.problem(line, "there are at most \(Alarm.maximumCount) alarms")
    }
    do throws(Alarm.Fault) {
      alarms.append(try Alarm(line.value))
    } catch {
      throw Self.problem(line, error.text)
    }
  }

  private mutating func takeMark(_ line: SettingsText.Line) throws(SettingsProblem) {
    guard marks.count < MarkingRules.maximumCount else {
      throw Self.problem(line, "there are at most \(MarkingRules.maximumCount) marks")
    }
    let filter: SessionFilter
    do throws(FilterError) {
      filter = try SessionFilter(line.value)
    } catch {
      throw Self.problem(line, error.message)
    }
    guard !filter.isEmpty else {
      throw Self.problem(line, "mark wants a filter, such as: mark = backlog>1MiB")
    }
    marks.add(filter)
  }

  private static func keys(
    _ name: String, _ line: SettingsText.Line
  ) throws(SettingsProblem) -> KeyMap.Line {
    guard let action = Action(name: name) else {
      throw problem(
        line,
        "no action is called \(SettingsProblem.quoted(name))"
          + (NearestName.of(name, among: Action.named.map(\.name)).map { ", the nearest is \($0)" }
            ?? "")
          + ": wstop keys lists them")
    }
    let words = SettingsText.words(of: line.value)
    guard (1...KeyMap.maximumKeyCount).contains(words.count) else {
      throw problem(
        line, "an action has 1 to \(KeyMap.maximumKeyCount) keys, such as: keys.pause = Z F5")
    }
    var keys: [Key] = []
    for word in words {
      guard let key = Key(label: word) else {
        throw problem(
          line, "\(SettingsProblem.quoted(word)) is no key: they are such as x ^F F5 Space PgUp")
      }
      guard !KeyMap.reserved.contains(key) else {
        throw problem(line, "\(key.label) always does the same and cannot be given away")
      }
      keys.append(key)
    }
    return KeyMap.Line(number: line.number, name: name, action: action, keys: keys)
  }

  private static func problem(_ line: SettingsText.Line, _ text: String) -> SettingsProblem {
    SettingsProblem(line: line.number, text: text)
  }
}
