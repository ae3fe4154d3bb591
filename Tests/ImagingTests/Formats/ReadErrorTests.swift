import Imaging
import Testing

@Suite struct ReadErrorTests {
  @Test func namesFileFieldOffsetProblemAndAdvice() {
    let error = ReadError(
      path: "/a/b.nii", field: "dim[1]", offset: 42, problem: "is -3", advice: "crop it")
    #expect("\(error)" == "/a/b.nii: dim[1], byte 42: is -3 (crop it)")
    #expect("\(ReadError(path: "", problem: "is empty"))" == "is empty")
    #expect("\(ReadError(path: "x", offset: 7, problem: "p"))" == "x: byte 7: p")
    #expect("\(WriteError(path: "x", problem: "p", advice: "a"))" == "x: p (a)")
  }

  @Test func textsFromFilesAreCleaned() {
    let error = ReadError(path: "a\u{1B}[2J", field: "f\n", problem: "'\u{202E}x' \u{9B}31m")
    #expect("\(error)" == "a·[2J: f·: '·x' ·31m")
  }

  @Test func cleaningReplacesControlsAndOverridesOnly() {
    #expect("plain Ünïcode 日本 עברית 🩻".cleaned == "plain Ünïcode 日本 עברית 🩻")
    #expect("\u{0}\t\r\n\u{1F}\u{7F}\u{80}\u{9F}".cleaned == "········")
    #expect("\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}".cleaned == "·····")
    #expect("\u{2066}\u{2067}\u{2068}\u{2069}".cleaned == "····")
    #expect("\u{2065}\u{2029}\u{A0}".cleaned == "\u{2065}\u{2029}\u{A0}")
  }

  @Test func cleaningLimitsScalars() {
    #expect("abcdef".cleaned(limit: 6) == "abcdef")
    #expect("abcdef".cleaned(limit: 3) == "abc…")
    let stacked = "a" + String(repeating: "\u{0301}", count: 100_000)
    #expect(stacked.cleaned(limit: 10).unicodeScalars.count == 11)
    #expect("".cleaned(limit: 0) == "")
  }
}
