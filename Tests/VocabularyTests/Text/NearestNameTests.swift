import Testing
import Vocabulary

@Suite("The nearest of known names")
struct NearestNameTests {
  private static let known = ["sessions", "stats", "send", "limits", "history", "idle-timeout"]

  @Test(
    "A misspelt name is near to the one that was meant",
    arguments: [
      ("session", "sessions"), ("Limits", "limits"), ("limts", "limits"),
      ("idletimeout", "idle-timeout"),
      ("hist", "history"), ("sned", "send"),
    ])
  func near(name: String, nearest: String) {
    #expect(NearestName.of(name, among: Self.known) == nearest)
  }

  @Test(
    "What is like none has no nearest",
    arguments: ["", "x", "frobnicate", String(repeating: "session", count: 100)])
  func far(name: String) {
    #expect(NearestName.of(name, among: Self.known) == nil)
  }

  @Test("Among none there is none")
  func none() { #expect(NearestName.of("x", among: []) == nil) }
}
