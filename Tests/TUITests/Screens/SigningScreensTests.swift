import Testing

@testable import TUI

@Suite("Screens of signing: name, PIN, lock, reason of reopening")
struct SigningScreensTests {
  /// Every verdict is given, and the meaning chosen: the name is asked for.
  private static let named = DecidingTests.read + [.type("ZS1")]
  /// A first PIN is asked for.
  private static let unset = named + [.enter]
  /// The study was signed and opened again, and the reader's PIN is asked for.
  private static let reopened = DecidingTests.signed + [.type("ZOaxial images came"), .enter]
  private static let again = reopened + [.type("ZS1"), .enter]

  /// A wrong PIN, and the third of them.
  private static let wrong: [MemoryDriver.Step] = [.type("1111"), .enter]
  private static let locked = again + wrong + wrong + wrong

  /// Steps that lead to each of them.
  private static let shots: [Shot] = [
    Shot(
      "sign-refused", "not signed: no verdict yet on C2-3, C3-4",
      after: MemoryDriver.Step.open("001"), .type("PZS")),
    Shot("signer-name", "your printed name: liu", after: named),
    Shot(
      "signer-name-empty", "a name is needed; your printed name:", after: named,
      .key(.control("u")), .enter),
    Shot("pin-new", "set your PIN (4 to 64 characters): ●●●", after: unset, .type("246")),
    Shot("pin-short", "too short or too long; set your PIN", after: unset, .type("12"), .enter),
    Shot("pin-again", "the same PIN again: ●●", after: unset, .type("2468"), .enter, .type("24")),
    Shot(
      "pin-differs", "they differ; set your PIN", after: unset, .type("2468"), .enter,
      .type("2469"), .enter),
    Shot("signed", "signed by liu, 2026-11-20 10:42:07", after: DecidingTests.signed, .type("h")),
    Shot(
      "signed-stated", "the study is signed: nothing was saved", after: DecidingTests.signed,
      .type("P")),
    Shot("reopening", "because: axial", after: DecidingTests.signed, .type("ZOaxial")),
    Shot("reopened", "reopened", after: reopened),
    Shot("pin", " PIN: ●●", after: again, .type("24")),
    Shot("pin-wrong", "wrong PIN, 2 tries left", after: again, .type("1111"), .enter),
    Shot("pin-lock", "not signed: too many wrong PINs: wait 30 s", after: locked),
    Shot("pin-locked", "not signed: locked for 30 s", after: locked, .type("ZS1"), .enter),
  ]

  @Test("whole screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for shot in Self.shots { try shot.check(size) }
  }

  @Test("no screen of signing shows a PIN, and the picture that is signed stays")
  func hidden() {
    for shot in Self.shots where shot.name.hasPrefix("pin") {
      let session = Session(shot.script, columns: 80, rows: 24)
      for digits in ["2468", "2469", "1111"] {
        #expect(!session.driver.screens.contains { $0.dump().contains(digits) }, "\(shot.name)")
      }
      #expect(!session.driver.screen.placements.isEmpty, "\(shot.name)")
    }
  }
}
