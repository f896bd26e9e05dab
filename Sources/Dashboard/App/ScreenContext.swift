import ControlProtocol

/// What screens, pages and dialogs share: the latest that the engine sent, the setup, the clock, the
/// dialog and the pages on top, the notice, and what the engine was asked for.
package struct ScreenContext: Equatable, Sendable {
  /// What was known at the start.
  package var setup: Setup
  /// The terminal's columns.
  package var columns: Int
  /// The terminal's rows.
  package var rows: Int
  /// The time, in seconds since 1970.
  package var now: Double
  /// How things stand with the engine.
  package var connection: Connection
  /// The last that the engine sent.
  package var picture = Picture()
  /// The screen that is shown.
  package var screen = Screen.sessions
  /// The pages on top of it, the topmost last.
  package var pages: [Page] = []
  /// The dialog or line on top of all.
  package var dialog: Dialog?
  /// The sessions that are chosen.
  package var chosen = ChosenSessions()
  /// How often pictures come.
  package var pacing = Pacing()
  /// What just happened.
  package var notice: Notice?
  /// Requests whose replies are yet to come.
  package var pending = PendingActs()
  /// The commands that were typed.
  package var commandHistory = CommandHistory()
  /// How the terminal is used.
  package var appearance = Appearance()
  /// What is sought in the text on top; empty for nothing.
  package var sought = ""
  /// The line in which it was found last.
  package var foundLine: Int?
  /// The acts that go on.
  package var acts = ShownActs()
  /// What has been asked of screens, until that is run.
  package var errands: [Errand] = []

  /// Nothing is known yet.
  init(setup: Setup, columns: Int, rows: Int, now: Double) {
    self.setup = setup
    self.columns = min(max(columns, 0), Canvas.maximumSide)
    self.rows = min(max(rows, 0), Canvas.maximumSide)
    self.now = now
    connection = .connecting(since: now)
    if let complaint = setup.complaint { note(shown(complaint), .warning) }
  }

  /// The engine's run; nil before the first snapshot.
  package var run: String? { picture.statistics?.engine.run }

  /// Where keys go: to the topmost of dialog, page and screen.
  package var place: Place {
    dialog?.place ?? pages.last?.place ?? Place.screen(screen)
  }

  /// What the console looks at, whatever screen is shown.
  var watch: WatchRequest {
    var request = WatchRequest(intervalMilliseconds: pacing.intervalMilliseconds)
    request.historySeconds = 60
    // The header shows message-bytes beside the sizes, on every screen.
    request.wantsLimits = true
    request.wantsActs = true
    for case .details(let page) in pages { request.details = page.id }
    return request
  }

  /// Says what happened, in the line above the footer.
  mutating func note(_ text: String, _ tone: Notice.Tone, command: String? = nil) {
    notice = Notice(text: text, tone: tone, command: command, at: now)
  }

  /// The key of an action, as a sentence names it.
  func keyLabel(_ action: Action) -> String { setup.keys.label(of: action, at: place) ?? "no key" }

  /// Text from outside in a form that may be drawn.
  func shown(_ text: String) -> String {
    setup.repertoire.shown(text)
  }

  /// Forgets what was sought.
  mutating func forgetSearch() {
    sought = ""
    foundLine = nil
  }

  /// The time passes.
  mutating func take(_ now: Double) {
    self.now = now
    if let notice, now - notice.at > Notice.lifetime { self.notice = nil }
  }
}
