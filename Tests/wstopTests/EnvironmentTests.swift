import Glibc
import Testing

@testable import wstop

@Suite("Environment")
struct EnvironmentTests {
  @Test("Empty variables that libraries read are forgotten, and others stay")
  func libraries() {
    // Nothing else of the tests reads these.
    setenv("TERMINFO_DIRS", "", 1)
    setenv("SSL_CERT_DIR", "/nonexistent", 1)
    defer { for name in ["TERMINFO_DIRS", "SSL_CERT_DIR"] { unsetenv(name) } }
    #expect(Environment["TERMINFO_DIRS"] == nil && getenv("TERMINFO_DIRS") != nil)
    Environment.forgetEmpty()
    #expect(getenv("TERMINFO_DIRS") == nil)
    #expect(Environment["SSL_CERT_DIR"] == "/nonexistent")
  }

  @Test("A runtime directory is used if it is the user's own")
  func runtimeDirectory() {
    #expect(Environment.runtimeDirectory(nil) == (nil, nil))
    #expect(Environment.runtimeDirectory("/proc/self", userID: geteuid()) == ("/proc/self", nil))
    let foreign = Environment.runtimeDirectory("/proc/self", userID: geteuid() + 1)
    #expect(foreign.path == nil)
    #expect(
      foreign.complaint == "XDG_RUNTIME_DIR /proc/self belongs to user \(geteuid()) and is not used"
    )
    // What is missing is told by what is made in it.
    #expect(Environment.runtimeDirectory("/nonexistent/x") == ("/nonexistent/x", nil))
    let endless = Environment.runtimeDirectory(
      "/tmp/" + String(repeating: "x", count: 300))
    #expect(endless.path == nil && endless.complaint?.contains("File name too long") == true)
  }
}
