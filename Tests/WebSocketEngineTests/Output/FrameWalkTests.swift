import Testing

@testable import WebSocketEngine

@Suite("Boundaries of frames")
struct FrameWalkTests {
  @Test("What is left of the frame at each position", arguments: [0, 1, 125, 126, 65_535, 65_536])
  func left(_ size: Int) {
    let frame = BacklogTests.frame(.binary, pattern(size))
    let bytes = frame + frame
    for position in [0, 1, 2, frame.count - 1, frame.count, frame.count + 1, bytes.count] {
      let left = FrameWalk.leftOfFrame(in: bytes.span, from: 0, at: position)
      #expect(left == (frame.count - position % frame.count) % frame.count)
    }
    #expect(FrameWalk.messageCount(in: bytes.span, from: 0, upTo: bytes.count) == 2)
  }

  @Test("Only final data frames end a message")
  func messages() {
    let bytes =
      BacklogTests.frame(.binary, [1], isFinal: false) + BacklogTests.frame(.pong, [])
      + BacklogTests.frame(.continuation, [2]) + BacklogTests.frame(.text, [])
    #expect(FrameWalk.messageCount(in: bytes.span, from: 0, upTo: bytes.count) == 2)
  }
}
