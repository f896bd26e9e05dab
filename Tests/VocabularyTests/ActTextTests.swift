import Testing
import Vocabulary

@Suite("Close codes, rates and shares as they are typed")
struct ActTextTests {
  @Test(
    "A close code is a number or a name",
    arguments: [
      ("1012", 1012), ("service-restart", 1012), ("Service Restart", 1012), ("goingAway", 1001),
      ("going_away", 1001), ("4999", 4999), ("3000", 3000),
    ] as [(String, UInt16)])
  func codes(text: String, number: UInt16) {
    #expect(CloseCode(sendable: text) == CloseCode(rawValue: number))
  }

  @Test(
    "What may not be sent is no code",
    arguments: ["1005", "1006", "no-status-received", "TLS handshake", "2999", "65536", "", "x"])
  func noCodes(text: String) {
    #expect(CloseCode(sendable: text) == nil)
  }

  @Test("Every name reads back")
  func names() {
    for code in CloseCode.named {
      #expect(code.word.flatMap(CloseCode.init(sendable:)) == code)
    }
    #expect(CloseCode(rawValue: 4000).word == nil)
  }

  @Test(
    "Rates and shares",
    arguments: [
      ("50/s", 50.0, "50/s"), ("30/m", 0.5, "0.5/s"), ("0.25", 0.25, "0.25/s"),
      ("20/m", 20.0 / 60, "20/m"), ("1/m", 1.0 / 60, "1/m"), ("0.01/s", 0.01, "0.01/s"),
      ("0.0167", 0.0167, "1/m"), ("0.1234", 0.1234, "0.1234/s"),
    ])
  func rates(text: String, rate: Double, exact: String) {
    #expect(QuantityText.perSecond(from: text) == rate)
    #expect(QuantityText.exactPerSecond(rate) == exact)
  }

  @Test("Shares are percents or parts of one")
  func shares() {
    #expect(QuantityText.share(from: "20%") == 0.2)
    #expect(QuantityText.share(from: "0.2") == 0.2)
    #expect(QuantityText.share(from: "12.5%") == 0.125)
    #expect(QuantityText.exactShare(0.125) == "12.5%")
    #expect(QuantityText.exactShare(1) == "100%")
    for text in ["%", "", "-5%", "x%", "1e3%", "inf"] {
      #expect(QuantityText.share(from: text) == nil)
    }
  }
}
