import ArgumentParser
import ControlProtocol
import ControlServer
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import wstop

@Suite("The command line")
struct CommandLineTests {
  static let id = SessionID(rawValue: 4706)

  static func parse<Command>(_ type: Command.Type, _ arguments: String...) throws -> Command {
    try #require(try WStop.parseAsRoot(arguments) as? Command)
  }

  @Test("Sessions are filtered, sorted and limited")
  func sessions() throws {
    let command = try Self.parse(
      SessionsCommand.self, "sessions", "--filter", "idle>300s  tls", "--sort", "-in.bytes",
      "--limit", "5", "--json")
    #expect(command.filter.description == "idle>5m tls")
    #expect(command.sort?.key == .bytesIn)
    #expect(command.sort?.isDescending == true)
    #expect(command.limit == 5)
    #expect(command.output.json)
    let plain = try Self.parse(SessionsCommand.self, "sessions", "--sort=path")
    #expect(plain.sort?.key == .path)
    #expect(plain.sort?.isDescending == nil)
    #expect(plain.filter.isEmpty)
    let least = try Self.parse(SessionsCommand.self, "sessions", "--sort", "+in.bytes")
    #expect(least.sort?.key == .bytesIn && least.sort?.isDescending == false)
  }

  @Test("A text that begins with a dash is a text", arguments: ["--text=-x", "--text=--ping"])
  func dashes(argument: String) throws {
    let command = try Self.parse(SendCommand.self, "send", "s-4k2", argument)
    #expect(command.text == String(argument.dropFirst(7)))
    #expect(!command.ping)
    #expect(command.act.ids == [Self.id])
  }

  @Test(
    "A binary message is typed as digits, as the console shows it",
    arguments: [("00 fF10", [0, 255, 16]), ("", [])] as [(String, [UInt8])])
  func hex(digits: String, bytes: [UInt8]) throws {
    let command = try Self.parse(SendCommand.self, "send", "s-4k2", "--hex", digits)
    #expect(try SendCommand.bytes(hex: try #require(command.hex)) == bytes)
  }

  @Test("Sessions are closed with a code and a reason")
  func close() throws {
    let command = try Self.parse(
      CloseCommand.self, "close", "s-4k2", "S-4K3", "--code", "4001", "--reason", "-x")
    #expect(command.act.ids == [Self.id, SessionID(rawValue: 4707)])
    #expect(command.code == CloseCode(rawValue: 4001))
    #expect(command.reason == "-x")
  }

  @Test("Sessions are closed by a filter, with a code by its name and a pace")
  func closeByFilter() throws {
    let command = try Self.parse(
      CloseCommand.self, "close", "--filter", "idle>300s  tls", "--code", "Service-Restart",
      "--rate", "30/m", "--jitter", "20%", "--yes")
    #expect(command.code == .serviceRestart)
    #expect(command.act.yes)
    #expect(
      command.act.selection(token: "t")
        == ActSelection(filter: "idle>5m tls", token: "t", rate: 0.5, jitter: 0.2, wait: false))
    #expect(
      command.act.selection(isDryRun: true)
        == ActSelection(filter: "idle>5m tls", dryRun: true, rate: 0.5, jitter: 0.2))
    let named = try Self.parse(CloseCommand.self, "close", "s-4k2", "--rate", "2/s")
    #expect(named.act.selection() == ActSelection(sessions: [Self.id], rate: 2, wait: false))
  }

  @Test("An engine that is started in the background gets its flags")
  func flagsOfEngine() throws {
    let serve = try Self.parse(
      ServeCommand.self, "serve", "--compression", "dedicated", "--set", "sessions=3")
    #expect(serve.options.compression == .dedicated)
    #expect(serve.options.arguments == ["--set", "sessions=3", "--compression", "dedicated"])
    #expect(try Self.parse(ServeCommand.self, "serve").options.arguments == [])
  }

  @Test("Limits are shown by default, and set at a scope")
  func limits() throws {
    _ = try Self.parse(LimitsShowCommand.self, "limits")
    #expect(try Self.parse(LimitsShowCommand.self, "limits", "--json").output.json)
    let set = try Self.parse(
      LimitsSetCommand.self, "limits", "set", "message-bytes=64k", "--route", "/ws/{x}")
    #expect(set.options.scope.scope == .route("/ws/{x}"))
    let unset = try Self.parse(
      LimitsUnsetCommand.self, "limits", "unset", "idle-timeout", "--session", "s-4k2")
    #expect(unset.options.scope.scope == .session(Self.id))
    #expect(unset.keys == ["idle-timeout"])
  }

  @Test("A TLS listener has certificates, each with its key, and what is asked of clients")
  func certificates() throws {
    let command = try Self.parse(
      ServeCommand.self, "serve", "--listen", "tls:[::1]:8443", "--listen", "127.0.0.1:80",
      "--certificate", "a.pem", "--private-key", "a.key", "--certificate", "b.pem",
      "--private-key", "b.key", "--client-certificates", "ca.pem",
      "--client-certificate-mode", "optional")
    let listeners = try command.options.listeners()
    #expect(listeners.map(\.description) == ["[::1]:8443 tls", "127.0.0.1:80"])
    let settings = try #require(listeners.first?.tls)
    #expect(settings.certificates.map(\.certificate) == ["a.pem", "b.pem"])
    #expect(settings.certificates.map(\.privateKey) == ["a.key", "b.key"])
    #expect(settings.clientCertificates == .optional(authorities: "ca.pem"))
    #expect(try listeners.at(1).tls == nil)
    // What an engine that is started in the background is given is the same.
    let again = try ServeOptions.parse(command.options.arguments)
    #expect(try again.listeners() == listeners)
    let strict = try Self.parse(
      ServeCommand.self, "serve", "--listen", "tls:127.0.0.1:1", "--certificate", "a",
      "--private-key", "a", "--client-certificates", "ca")
    #expect(
      try strict.options.listeners().first?.tls?.clientCertificates == .required(authorities: "ca"))
  }

  @Test("Origins, hosts and subprotocols reach an engine in the background as they were given")
  func pages() throws {
    let command = try Self.parse(
      ServeCommand.self, "serve", "--allow-origin", "https://*.example.com", "--allow-origin",
      "null", "--allow-host", "*.example.com", "--allow-host", "10.0.0.7:80", "--subprotocol",
      "mqtt", "--subprotocol", "v1.chat")
    let again = try ServeOptions.parse(command.options.arguments)
    #expect(again.allowOrigin == ["https://*.example.com", "null"])
    #expect(again.allowHost == ["*.example.com", "10.0.0.7:80"])
    #expect(again.subprotocol == ["mqtt", "v1.chat"])
  }

  @Test(
    "What could match nothing is an error of usage that says what would",
    arguments: [
      (["--allow-origin", "wss://example.com"], "https://example.com or https://*.example.com"),
      (["--allow-origin", "example.com"], "--allow-origin example.com"),
      (["--allow-host", "https://example.com"], "wants HOST[:PORT]"),
      (["--subprotocol", "two words"], "one word"),
    ])
  func uselessSettings(arguments: [String], part: String) {
    do {
      _ = try ServeOptions.parse(arguments)
      Issue.record("accepted")
    } catch {
      #expect(ServeOptions.message(for: error).contains(part))
    }
  }

  @Test(
    "Certificates that do not fit are an error of usage",
    arguments: [
      (["--listen", "tls:127.0.0.1:1"], "--certificate FILE and --private-key FILE"),
      (
        ["--listen", "tls:127.0.0.1:1", "--certificate", "a", "--certificate", "b"],
        "2 times and --private-key 0 times"
      ),
      (["--certificate", "a", "--private-key", "a"], "--listen tls:HOST:PORT"),
      (["--listen", "tls:nonsense"], "wants HOST:PORT"),
      (
        [
          "--listen", "tls:127.0.0.1:1", "--certificate", "a", "--private-key", "a",
          "--client-certificate-mode", "optional",
        ], "wants --client-certificates FILE"
      ),
      (
        [
          "--listen", "tls:127.0.0.1:1", "--certificate", "a", "--private-key", "a",
          "--client-certificates", "ca", "--client-certificate-mode", "sometimes",
        ], "sometimes"
      ),
    ])
  func badCertificates(arguments: [String], message: String) {
    do {
      _ = try WStop.parseAsRoot(["serve"] + arguments)
      Issue.record("it was taken")
    } catch {
      #expect(WStop.message(for: error).contains(message))
      #expect(WStop.exitCode(for: error) == .validationFailure)
    }
  }

  @Test("A reload says what it did")
  func reload() throws {
    _ = try Self.parse(ReloadCommand.self, "reload", "--json")
    let sentences = (0...2).map {
      ReloadCommand.sentence(ReloadResult(engine: "r", certificates: $0))
    }
    #expect(
      sentences == [
        "no listener speaks TLS: there is nothing to reload", "1 certificate reloaded",
        "2 certificates reloaded",
      ])
  }

  @Test("Trusted proxies are passed on to an engine in the background")
  func trustedProxies() throws {
    let command = try Self.parse(
      ServeCommand.self, "serve", "--listen", "unix:/x.sock", "--trusted-proxy", "10.0.0.0/8",
      "--trusted-proxy", "unix")
    let words = command.options.arguments
    #expect(
      words == [
        "--listen", "unix:/x.sock", "--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "unix",
      ])
  }

  @Test("An engine has a name or a path")
  func engine() throws {
    let named = try Self.parse(StatsCommand.self, "stats", "--name", "prod-1")
    #expect(try named.engine.local.path().socket.hasSuffix("/prod-1.sock"))
    let byPath = try Self.parse(StatsCommand.self, "stats", "--control", "/srv/x.sock")
    #expect(try byPath.engine.local.path().socket == "/srv/x.sock")
  }

  @Test("An engine elsewhere is named by words that attach other commands to it too")
  func elsewhere() throws {
    let digest = String(repeating: "0a", count: 32)
    for words in [["--ca", "c.pem"], ["--fingerprint", "sha256:" + digest], []] {
      let all = ["--connect", "wss://engine.example:9443", "--token-file", "t"] + words
      let command = try #require(
        try WStop.parseAsRoot(["close", "s-1"] + all + ["--read-only"]) as? CloseCommand)
      #expect(command.engine.attachWords == all)
      #expect(command.engine.readOnly)
    }
    let local = try Self.parse(StatsCommand.self, "stats", "--name", "prod-1")
    #expect(local.engine.attachWords == ["--name", "prod-1"])
  }

  @Test("--read-only refuses acts before any engine is asked")
  func readOnly() throws {
    for line in [
      ["close", "s-1"], ["close", "--filter", "tls", "--dry-run"], ["send", "s-1", "--ping"],
      ["limits", "set", "sessions=1"], ["limits", "unset", "sessions"], ["reload"], ["stop"],
      ["abort", "1"], ["tap", "s-1"],
    ] {
      var command = try WStop.parseAsRoot(line + ["--read-only", "--control", "/nonexistent/x"])
      let failure = #expect(throws: CommandFailure.self) { try command.run() }
      #expect(failure?.message == "--read-only: nothing was done", "\(line)")
      #expect(failure?.exitCode == CommandFailure.refused)
    }
    var command = try WStop.parseAsRoot(["stats", "--read-only", "--control", "/nonexistent/x"])
    let failure = #expect(throws: CommandFailure.self) { try command.run() }
    #expect(failure?.exitCode == CommandFailure.unavailable)
  }

  @Test("The control API elsewhere shows the listeners' certificate unless it has its own")
  func controlListen() throws {
    let shared = try Self.parse(
      ServeCommand.self, "serve", "--control-listen", "tls:[::1]:9443", "--control-listen",
      "tls:127.0.0.1:0", "--control-tokens", "t", "--certificate", "c", "--private-key", "k",
      "--client-certificates", "a")
    let remote = try #require(try shared.options.remoteControl())
    #expect(
      remote.addresses == [
        .internet(host: "::1", port: 9443), .internet(host: "127.0.0.1", port: 0),
      ])
    #expect(remote.tls == TLSSettings(certificate: "c", privateKey: "k"))
    #expect(remote.tokens == "t")
    let own = try Self.parse(
      ServeCommand.self, "serve", "--control-listen", "tls:127.0.0.1:0", "--control-tokens", "t",
      "--control-certificate", "c2", "--control-private-key", "k2")
    #expect(
      try own.options.remoteControl()?.tls == TLSSettings(certificate: "c2", privateKey: "k2"))
    #expect(
      own.options.arguments == [
        "--control-listen", "tls:127.0.0.1:0", "--control-tokens", "t", "--control-certificate",
        "c2", "--control-private-key", "k2",
      ])
    #expect(try Self.parse(ServeCommand.self, "serve").options.remoteControl() == nil)
  }

  @Test(
    "Wrong usage exits with 64 and says what is wrong",
    arguments: [
      (["sessions", "--filter", "chat"], "path~chat"),
      (["sessions", "--filter", "tls idle>5"], "column 10"),
      (["sessions", "--sort", "colour"], "no column is called"),
      (["sessions", "--limit", "-1"], "whole number"), (["sessions", "--limit", "x"], "x"),
      (["stats", "--name", "A"], "a-z"), (["stats", "--name", "a", "--control", "b"], "exclude"),
      (["stats", "--control", ""], "no path"), (["show"], "id"), (["show", "4k2"], "s-4k2"),
      (["close"], "ids"), (["close", "s-1", "--code", "1005"], "close codes"),
      (["close", "s-1", "--code", "65536"], "close codes"),
      (["close", "s-1", "--reason", String(repeating: "x", count: 124)], "123"),
      (["close", "s-1", "--filter", "tls"], "exclude"),
      (["close", "--filter", "tls idle>5"], "column 10"),
      (["close", "--filter", ""], "state=open"),
      (["close", "--filter", "tls", "--rate", "0/s"], "50/s"),
      (["close", "--filter", "tls", "--rate", "fast"], "50/s"),
      (["close", "--filter", "tls", "--rate", "5/s", "--jitter", "200%"], "20%"),
      (["close", "--filter", "tls", "--jitter", "20%"], "jitter wants a rate"),
      (["close", "s-1", "--code", "no-status-received"], "close codes"),
      (["send", "--filter", "tls"], "text, binary and ping"),
      (["send", "--filter", "tls", "--json-text", "{"], "column 2"),
      (["send", "s-1", "--json-text", "1", "--text", "1"], "only one"),
      (["abort"], "act"), (["abort", "0"], "number from 1"), (["abort", "x"], "x"),
      (["send", "s-1"], "text, binary and ping"),
      (["send", "s-1", "--text", "x", "--ping"], "only one"), (["send", "--ping"], "ids"),
      (["send", "s-1", "--hex", "001"], "two digits"),
      (["send", "s-1", "--hex", "00 g1"], "column 4"),
      (["send", "s-1", "--hex", "00:11"], "column 3"),
      (["send", "s-1", "--hex", "00", "--text", "x"], "only one"),
      (["send", "s-1", "--hex", "00", "--binary", "-"], "only one"),
      (["send", "s-1", "--hex", "00", "--ping"], "only one"),
      (["limits", "set"], "settings"), (["limits", "set", "message-bytes"], "KEY=VALUE"),
      (["limits", "set", "message-bytes=-1"], "message-bytes=-1: wants 1B to 1TiB"),
      (["limits", "set", "message-bytes=abc"], "message-bytes=abc: wants"),
      (["limits", "set", "quantum-bytes=1"], "no limit is called"),
      (["limits", "set", "sessions=1", "--route", "/ws"], "whole engine"),
      (["limits", "set", "idle-timeout=1s", "--route", "/ws", "--session", "s-1"], "exclude"),
      (["limits", "set", "idle-timeout=1s", "idle-timeout=2s"], "idle-timeout=2s"),
      (["limits", "set", "idle-timeout=1s", "--session", "x"], "s-4k2"),
      (["limits", "set", "idle-timeout=1s", "--route", ""], "pattern"),
      (["limits", "unset", "quantum-bytes"], "no limit is called"), (["bogus"], "bogus"),
      (["serve", "--compression", "gzip"], "gzip: wants off, shared, dedicated"),
      (["stats", "--bogus"], "bogus"),
      (["serve", "--trusted-proxy", "localhost"], "--trusted-proxy localhost: a trusted proxy is"),
      (["serve", "--trusted-proxy", "10.0.0.0/33"], "10.0.0.0/8, or unix"),
      (["serve", "--trusted-proxy", "unix"], "--trusted-proxy unix is for --listen unix:PATH"),
      (["serve", "--history", "off", "--history-days", "5"], "with --history off there is none"),
      (["serve", "--history", "off", "--history-bytes", "5MiB"], "are for a file"),
      (["stats", "--connect", "ws://a:1", "--token-file", "t"], "never sent in the clear"),
      (["stats", "--connect", "wss://a:1/x", "--token-file", "t"], "wants wss://HOST:PORT"),
      (["stats", "--connect", "a:1", "--token-file", "t"], "wants wss://HOST:PORT"),
      (["stats", "--connect", "wss://*:1", "--token-file", "t"], "wss://*:1: wants HOST"),
      (["stats", "--connect", "wss://a:1/#b", "--token-file", "t"], "no fragment"),
      (["stats", "--connect", "wss://a:1"], "--connect wants --token-file"),
      (["stats", "--token-file", "t"], "are for --connect"),
      (["top", "--connect", "wss://a:1", "--name", "a", "--token-file", "t"], "excludes --name"),
      (["top", "--connect", "wss://a:1", "--token-file", "t", "--fingerprint", "00"], "64"),
      (
        [
          "top", "--connect", "wss://a:1", "--token-file", "t", "--ca", "c", "--fingerprint",
          String(repeating: "0", count: 64),
        ], "exclude each other"
      ),
      (["serve", "--connect", "wss://a:1"], "connect"),
      (["serve", "--control-listen", "127.0.0.1:1"], "never listens without TLS"),
      (["serve", "--control-listen", "tls:unix:/x"], "wants tls:HOST:PORT"),
      (["serve", "--control-listen", "tls:127.0.0.1:1"], "wants --control-tokens"),
      (
        ["serve", "--control-listen", "tls:127.0.0.1:1", "--control-tokens", "t"],
        "wants --control-certificate"
      ),
      (
        [
          "serve", "--control-listen", "tls:127.0.0.1:1", "--control-tokens", "t",
          "--control-certificate", "c",
        ], "want each other"
      ),
      (["serve", "--control-tokens", "t"], "are for --control-listen"),
      (["serve", "--set", "rate-policy=drop"], "rate-policy=drop: wants close or pause"),
    ] as [([String], String)])
  func usage(arguments: [String], part: String) {
    let error = #expect(throws: (any Error).self) { try WStop.parseAsRoot(arguments) }
    guard let error else { return }
    #expect(WStop.exitCode(for: error).rawValue == CommandFailure.usage)
    #expect(WStop.message(for: error).contains(part))
  }

  @Test(
    "A word that is no command is named, with the nearest one",
    arguments: [
      (["session"], "wstop has no command \"session\"; the nearest is wstop sessions"),
      (["sesions", "--json"], "wstop has no command \"sesions\"; the nearest is wstop sessions"),
      (
        ["limits", "sett"],
        "wstop limits has no command \"sett\"; the nearest is wstop limits set"
      ),
      (["zzzzzz"], "wstop has no command \"zzzzzz\"; wstop --help lists them"),
      (["limits", "zzzzzz"], "they are show, set, unset, keep"),
      (["--name", "a", "stats"], "the command stands first: wstop stats --name a"),
      (["\u{1B}[2J"], "\\u{1b}"),
    ])
  func unknownCommand(words: [String], part: String) {
    let failure = #expect(throws: CommandFailure.self) { try WStop.parsed(words) }
    #expect(failure?.exitCode == CommandFailure.usage)
    #expect(failure?.message.contains(part) == true, "\(failure?.message ?? "")")
  }

  @Test(
    "The parser's own error stands where the command is known",
    arguments: [["stats", "extra"], ["limits", "set"], ["limits", "--bogus"], ["--bogus"]])
  func knownCommand(words: [String]) {
    let error = #expect(throws: (any Error).self) { try WStop.parsed(words) }
    #expect(!(error is CommandFailure))
  }

  @Test(
    "A value without its unit is answered with what would be right",
    arguments: [
      (["limits", "set", "message-bytes=4KB"], "4kB is 4000B, 4KiB is 4096B"),
      (["limits", "set", "idle-timeout=10"], "10 has no unit: 10ms, 10s, 10m, 10h or 10d"),
      (["limits", "set", "idle-timeout=5min"], "\"min\" is no unit: 5m"),
      (["limits", "set", "sessions=10k"], "a count has no unit"),
      (["limits", "set", "idle-timeuot=5m"], "the nearest is idle-timeout"),
      (["limits", "set", "idle-timeout=5m", "--revert-after", "10"], "10 has no unit"),
      (["tap", "s-1", "--for", "10"], "10 has no unit"),
      (["sessions", "--sort", "in.byte"], "the nearest is in.bytes (bytes in)"),
      (["sessions", "--sort", "-B IN/S"], "the nearest is in.bytes/s (bytes/s in)"),
      (["sessions", "--columns", "id,bytes in"], "the nearest is in.bytes (bytes in)"),
      (["rooms", "--sort", "bytes out"], "the nearest is out.bytes (bytes out)"),
      (["stats", "--connect", "https://a:1", "--token-file", "t"], "such as wss://a:1"),
    ])
  func units(words: [String], part: String) {
    let error = #expect(throws: (any Error).self) { try WStop.parseAsRoot(words) }
    guard let error else { return }
    #expect(WStop.message(for: error).contains(part), "\(WStop.message(for: error))")
  }

  @Test(
    "The version is a question to the engine too",
    arguments: [
      (["--version"], ["version"]), (["--version", "--name", "a"], ["version", "--name", "a"]),
      (["--name", "a", "--version"], ["version", "--name", "a"]),
      (["send", "s-1", "--text", "--version"], ["send", "s-1", "--text", "--version"]),
      ([], []), (["--help"], ["--help"]),
    ])
  func version(arguments: [String], expected: [String]) {
    #expect(WStop.rewritten(arguments) == expected)
  }

  @Test("Every command explains itself")
  func help() {
    for command in WStop.configuration.subcommands {
      #expect(!command.configuration.abstract.isEmpty)
      #expect(command.configuration.commandName != nil)
    }
  }
}
