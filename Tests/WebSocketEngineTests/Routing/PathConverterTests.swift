import Testing

@testable import WebSocketEngine

@Suite("Converters of path parameters")
struct PathConverterTests {
  @Test(
    "Integers",
    arguments: [
      ("0", 0), ("42", 42), ("-1", -1), ("007", 7), ("9223372036854775807", Int.max),
      ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("", nil), ("-", nil),
      ("+1", nil), ("1.0", nil), ("1 ", nil), ("0x1", nil), ("١", nil), ("1_000", nil),
    ] as [(String, Int?)])
  func integers(text: String, value: Int?) {
    #expect(PathConverter.int.convert(text) as? Int == value)
  }

  @Test(
    "UUIDs",
    arguments: [
      ("123e4567-e89b-12d3-a456-426614174000", true),
      ("123E4567-E89B-12D3-A456-426614174000", true),
      ("123e4567e89b12d3a456426614174000", false),
      ("123e4567-e89b-12d3-a456-42661417400", false),
      ("123e4567-e89b-12d3-a456-4266141740000", false),
      ("123e4567-e89b-12d3-a456-42661417400g", false),
      ("123e4567-e89b-12d3-a45-6426614174000", false),
      ("{123e4567-e89b-12d3-a456-426614174000}", false),
      ("", false),
    ])
  func uuids(text: String, isValid: Bool) {
    let expected = isValid ? "123e4567-e89b-12d3-a456-426614174000" : nil
    #expect(PathConverter.uuid.convert(text) as? String == expected)
  }

  @Test(
    "Days that exist",
    arguments: [
      "2025-01-01", "2025-12-31", "2024-02-29", "2000-02-29", "2025-02-28", "0000-02-29",
      "9999-04-30",
    ])
  func days(text: String) {
    #expect((PathConverter.date.convert(text) as? CalendarDate)?.description == text)
  }

  @Test(
    "Days that do not exist, and other forms",
    arguments: [
      "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-01-32",
      "2025-01-00", "2025-1-1", "25-01-01", "2025/01/01", "2025-01-01T00:00", "20250101",
      "２025-01-01", "+025-01-01", "-025-01-01", "",
    ])
  func otherDays(text: String) {
    #expect(PathConverter.date.convert(text) == nil)
  }

  @Test("Days are ordered by time")
  func order() throws {
    let days = try ["2025-01-31", "2024-12-31", "2025-02-01"].map {
      try #require(CalendarDate($0))
    }
    #expect(days.sorted().map(\.description) == ["2024-12-31", "2025-01-31", "2025-02-01"])
  }
}
