import ControlProtocol
import Testing

@Suite("Where an engine's control socket lies")
struct ControlPathTests {
  @Test(
    "In the user's runtime directory, or else in one of its own under /tmp",
    arguments: [
      ("/run/user/1000", "/run/user/1000/wstop"), ("/run/user/1000/", "/run/user/1000/wstop"),
      (nil, "/tmp/wstop-1000"), ("", "/tmp/wstop-1000"), ("run/user", "/tmp/wstop-1000"),
    ] as [(String?, String)])
  func named(runtimeDirectory: String?, directory: String) throws {
    let path = try ControlPath(runtimeDirectory: runtimeDirectory, userID: 1000)
    #expect(path.name == "default")
    #expect(path.ownDirectory == directory)
    #expect(path.socket == directory + "/default.sock")
    #expect(path.lock == directory + "/default.lock")
    #expect(path.log == directory + "/default.log")
    #expect(path.description == path.socket)
  }

  @Test("A name is 1 to 32 of a-z, 0-9 and -", arguments: ["a", "prod-1", "0", "-", Self.longest])
  func names(name: String) throws {
    let path = try ControlPath(name: name, runtimeDirectory: "/run", userID: 0)
    #expect(path.socket == "/run/wstop/\(name).sock")
  }

  static let longest = String(repeating: "x", count: 32)

  @Test(
    "Other names are refused",
    arguments: ["", "A", "a b", "a/b", "..", "a.b", "ü", "a\n", Self.longest + "x"])
  func refusedNames(name: String) {
    #expect(throws: ControlPathError.invalidName(name)) {
      try ControlPath(name: name, runtimeDirectory: nil, userID: 0)
    }
  }

  @Test(
    "Lock and log lie beside a socket that is named by its path",
    arguments: [("/srv/app.sock", "/srv/app"), ("app", "app"), ("./x.sock.d", "./x.sock.d")])
  func byPath(socket: String, stem: String) throws {
    let path = try ControlPath(socket: socket)
    #expect(path.socket == socket)
    #expect(path.lock == stem + ".lock")
    #expect(path.log == stem + ".log")
    #expect(path.ownDirectory == nil)
    #expect(path.name == nil)
  }

  @Test("A socket's path has at most 107 bytes and names a file")
  func lengths() throws {
    let longest = "/" + String(repeating: "x", count: 106)
    #expect(try ControlPath(socket: longest).socket == longest)
    for path in [longest + "x", "", "/tmp/", "a\0b"] {
      #expect(throws: ControlPathError.invalidPath(path)) { try ControlPath(socket: path) }
    }
    #expect(throws: ControlPathError.self) {
      try ControlPath(runtimeDirectory: longest, userID: 0)
    }
  }
}
