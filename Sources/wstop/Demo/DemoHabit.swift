import Vocabulary
import WebSocketProtocol

/// The habits of synthetic clients, enough for every column and close code.
enum DemoHabit: CaseIterable {
  /// Sends short texts to the echo, often.
  case chatty
  /// Sends to its room now and then.
  case member
  /// Queries the JSON API.
  case poller
  /// Sends large binary messages.
  case uploader
  /// Asks for streams, and reads them slowly.
  case slowReader
  /// Connects and sends nothing.
  case lurker
  /// Sends more messages at once than its rate allows.
  case flooder
  /// Sends a message over the limit now and then.
  case oversized
  /// Sends one message and closes with 1000.
  case hasty
  /// Closes with 1001, as a page that is left.
  case leaver
  /// Violates the protocol.
  case violator
  /// Closes with private codes, 4000–4999.
  case custom
  /// Cuts the connection.
  case vanisher

  /// The number of clients with the habit.
  var clientCount: Int {
    switch self {
    case .chatty, .member: 8
    case .poller, .lurker: 4
    case .uploader, .hasty: 3
    default: 2
    }
  }

  /// The requested path.
  var path: String {
    switch self {
    case .member:
      "/ws/chat/" + ["lobby", "swift", "caf%C3%A9"][Int.random(in: 0..<3)] + "?user="
        + ["olga", "ren%C3%A9", "sam", "li"][Int.random(in: 0..<4)]
    case .poller: "/ws/api"
    case .slowReader: "/ws/stream?bytes=64MiB"
    case .leaver: "/ws/echo-async"
    default: "/ws/echo"
    }
  }

  /// The `User-Agent`.
  var userAgent: String {
    switch self {
    case .chatty: "chatty/1.0"
    case .member: "room-member/2.3 (mobile)"
    case .poller: "poller/0.9"
    case .uploader: "uploader/4.1"
    case .slowReader: "slow-reader/1.0"
    case .lurker: "lurker/1.0"
    case .flooder: "flooder/3.0"
    case .oversized: "oversized/1.0"
    case .hasty: "hasty/7"
    case .leaver: "Mozilla/5.0 (leaver)"
    case .violator: "violator/0.1"
    case .custom: "custom-codes/1.2"
    case .vanisher: "vanisher/1.0"
    }
  }

  /// Whether it offers permessage-deflate.
  var compresses: Bool {
    switch self {
    case .member, .poller, .uploader, .leaver: true
    default: false
    }
  }

  /// Whether it reads its input only now and then.
  var readsSlowly: Bool { self == .slowReader }

  /// Acts, and returns the time until the next act.
  func act(_ client: DemoClient, actCount: Int, _ crowd: DemoCrowd) -> Duration {
    switch self {
    case .chatty:
      client.send("message \(actCount) " + String(repeating: "·", count: crowd.random(in: 1...60)))
      return .milliseconds(crowd.random(in: 40...400))
    case .member:
      client.send("{\"from\":\"\(userAgent)\",\"text\":\"hello \(actCount)\"}")
      return .milliseconds(crowd.random(in: 300...2500))
    case .poller:
      client.send(["{\"op\":\"time\"}", "{\"op\":\"stats\"}"][actCount % 2])
      return .milliseconds(crowd.random(in: 200...1000))
    case .uploader:
      client.send(
        Array(repeating: UInt8(ascii: "u"), count: crowd.random(in: 2_000...400_000)), as: .binary)
      return .milliseconds(crowd.random(in: 200...1500))
    case .slowReader: return .milliseconds(400)
    case .lurker: return .seconds(30)
    case .flooder:
      for number in 0..<150 { client.send("flood \(actCount).\(number)") }
      return .seconds(4)
    case .oversized:
      guard actCount > 3 else {
        client.send("small so far")
        return .seconds(1)
      }
      client.send(Array(repeating: 0, count: crowd.oversizedByteCount), as: .binary)
      return .seconds(8)
    case .hasty:
      guard actCount > 1 else {
        client.send("hello and goodbye")
        return .milliseconds(crowd.random(in: 100...800))
      }
      client.close(.normalClosure, reason: "done")
      return .seconds(5)
    case .leaver:
      guard actCount > 8 else {
        client.send("page \(actCount)")
        return .milliseconds(crowd.random(in: 300...1200))
      }
      client.close(.goingAway)
      return .seconds(5)
    case .violator:
      guard actCount > 2 else {
        client.send("still well-behaved")
        return .seconds(2)
      }
      // The frame is text that is not UTF-8 (1007), or a continuation of nothing (1002).
      if crowd.random() % 2 == 0 {
        client.send([0xC3, 0x28], as: .text)
      } else {
        client.sendStrayContinuation([0xC3, 0x28])
      }
      return .seconds(5)
    case .custom:
      guard actCount > 4 else {
        client.send(Array(repeating: 7, count: 512), as: .binary)
        return .milliseconds(crowd.random(in: 500...1500))
      }
      client.close(
        CloseCode(rawValue: UInt16(crowd.random(in: 4000...4005))), reason: "session expired")
      return .seconds(5)
    case .vanisher:
      guard actCount > 5 else {
        client.send("still here")
        return .seconds(1)
      }
      client.vanish()
      return .seconds(5)
    }
  }
}
