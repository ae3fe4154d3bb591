import Core
import Imaging
import Synchronization
import Testing

@testable import TUI

/// What reaches the terminal while pictures move, counted in bytes.
@Suite("Bytes of drafts")
struct DraftBytesTests {
  static let repeating: TerminalCapabilities = {
    var capabilities = TerminalCapabilities.kittyTerminal
    capabilities.repeatsCells = true
    return capabilities
  }()

  /// The bytes that show a picture where nothing of it is shown.
  private static func sent(
    _ picture: ScreenPicture, in rect: CellRect, _ size: TerminalSize,
    _ capabilities: TerminalCapabilities
  ) -> Int {
    var screen = Screen(size: size)
    screen.place(picture, in: rect)
    if capabilities.graphics == .sixel {
      var layer = SixelLayer()
      return layer.bytes(for: screen, capabilities: capabilities).count
    }
    var layer = KittyLayer(
      numbers: KittyNumbers(pane: nil), repeats: capabilities.repeatsCells)
    return layer.bytes(for: screen).count
  }

  @Test(
    "sixels and kitty pictures that move stay under 27 kB on large screens, noisy ones, too",
    arguments: [TerminalCapabilities.sixelTerminal, .kittyTerminal, repeating],
    [0.1, 1] as [Float])
  func shortPixels(_ capabilities: TerminalCapabilities, noise: Float) throws {
    let (source, window) = try DraftTests.phantom(noise: noise)
    for (columns, rows) in [(120, 40), (200, 60), (300, 100)] {
      // On the largest screen these take more.
      if capabilities == .kittyTerminal, columns > 200 { continue }
      let size = TerminalSize(columns: columns, rows: rows)
      let rect = StudyLayout(size: size, isAligned: false, capabilities: capabilities).picture
      var view = DraftTests.view(slice: 5)
      view.canvas = try #require(PictureCanvas(rect, capabilities))
      view.window = window
      let (draft, full) = (view.drawDraft(source), view.draw(source))
      let bytes = Self.sent(draft.picture, in: rect, size, capabilities)
      let what = "\(columns) x \(rows): \(bytes) bytes, \(draft.words)"
      // Where cells cannot be repeated, they alone take nearly all of it on larger screens.
      let most = capabilities == .kittyTerminal && columns > 120 ? 32_000 : 27_000
      #expect(bytes < most && bytes > 1000, "\(what)")
      #expect(Self.sent(full, in: rect, size, capabilities) > bytes, "\(what)")
      // Of the same size, at the same place.
      #expect(draft.picture.placement == full.placement)
      #expect(draft.picture.pixels.columns == full.pixels.columns)
      #expect(draft.picture.pixels.rows == full.pixels.rows)
    }
  }

  @Test(
    "a draft keeps to the share of a screen that it has",
    arguments: [TerminalCapabilities.sixelTerminal, repeating])
  func share(_ capabilities: TerminalCapabilities) throws {
    let (source, window) = try DraftTests.phantom(noise: 1)
    let size = TerminalSize(columns: 200, rows: 60)
    let layout = StudyLayout(
      size: size, isAligned: false, capabilities: capabilities, fill: .both)
    var view = DraftTests.view(slice: 5)
    view.canvas = try #require(PictureCanvas(layout.picture, capabilities))
    view.window = window
    let half = try #require(view.draft(within: PictureDraft.mostBytes / 2))
    #expect(half != view.draft)
    let bytes = Self.sent(half.draw(source), in: layout.picture, size, capabilities)
    #expect(bytes < 13_500 && bytes > 1000, "\(bytes)")
    var beside = BesideView(
      subject: "001", choice: BesideChoice(.reformat, title: "t"),
      plane: SamplingPlane(source.picture.grid), crop: PixelRect(source.picture.image),
      canvas: try #require(PictureCanvas(layout.beside, capabilities)), window: window,
      isInverted: false)
    beside = try #require(beside.draft(within: PictureDraft.mostBytes / 2))
    let picture = beside.draw(.raster(source.picture.image))
    let more = Self.sent(picture, in: layout.beside, size, capabilities)
    #expect(more < 13_500 && more > 1000, "\(more)")
  }

  /// Plays a session in which a millisecond passes whenever the time is asked for.
  private static func play(
    _ steps: [MemoryDriver.Step], _ capabilities: TerminalCapabilities,
    library: FixtureLibrary? = nil
  ) -> Session {
    var time = ContinuousClock.now
    return Session(
      MemoryDriver.Step.open("001") + [.await("slice 6 of 11")] + steps,
      capabilities: capabilities, library: library, typesAhead: true, rest: .milliseconds(300)
    ) {
      time += .milliseconds(1)
      return time
    }
  }

  @Test(
    "a held key that changes the map draws drafts from the second picture on, and at rest in full",
    arguments: [TerminalCapabilities.sixelTerminal, .kittyTerminal])
  func heldMapKeys(_ capabilities: TerminalCapabilities) {
    let fainter = ["50", "40", "30", "20"].flatMap { opacity -> [MemoryDriver.Step] in
      [.type("<"), .await("anomaly map \(opacity) % opaque")]
    }
    let toggled = ["off", "on", "off", "on"].flatMap { state -> [MemoryDriver.Step] in
      [.type(" "), .await("anomaly map \(state)")]
    }
    for steps in [fainter, toggled] {
      let session = Self.play(steps, capabilities)
      #expect(session.driver.missed.isEmpty)
      let drawn = session.worker.log.filter { $0.hasSuffix(" 5") }
      #expect(drawn.count { $0 == "draft 5" } == 3, "\(drawn)")
      #expect(drawn.last == "draw 5" && drawn.first == "draw 5", "\(drawn)")
    }
    // Once is no movement.
    let once = Self.play(Array(fainter.prefix(2)), capabilities)
    #expect(!once.worker.log.contains("draft 5"))
  }

  @Test(
    "a held key sends a picture beside as a draft, too: both under 30 kB, and both in full at rest",
    arguments: [TerminalCapabilities.sixelTerminal, DraftTests.blockTerminals[1]])
  func heldBeside(_ capabilities: TerminalCapabilities) throws {
    let axial = BesideChoice(
      .series(file: "sub-001_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
    let library = FixtureLibrary { Session.time }
    let volume = try #require(FixtureVolumes.axialDiscs)
    library.neighbours.withLock { $0["001"] = [(axial, .success(.volume(volume)))] }
    let slices = (7...9).flatMap { slice -> [MemoryDriver.Step] in
      [.type("j"), .await("slice \(slice) of 11")]
    }
    let session = Self.play(
      [.type("B"), .await("slice 6/20")] + slices, capabilities, library: library)
    #expect(session.driver.missed.isEmpty)
    let log = session.worker.log
    #expect(log.contains("draft beside") && log.contains("draft 8"), "\(log)")
    #expect(log.last(where: { $0.hasSuffix("beside") }) == "draw beside", "\(log)")
    #expect(log.last(where: { $0.hasSuffix(" 8") }) == "draw 8", "\(log)")
    var (sixels, blocks) = (SixelLayer(), DirectBlockLayer())
    let frames = session.driver.screens.map { screen in
      capabilities.graphics == .sixel
        ? sixels.bytes(for: screen, capabilities: capabilities).count
        : blocks.bytes(for: screen).count
    }
    let moving = zip(session.driver.screens, frames).filter { screen, _ in
      (7...9).contains { screen.dump().contains("slice \($0) of 11") }
    }
    try #require(moving.count >= 3)
    #expect(moving.dropLast().allSatisfy { $0.1 < 30_000 }, "\(frames)")
    #expect(moving.contains { $0.1 > 1000 }, "\(frames)")
  }

  @Test("while the map changes under a held key, the picture beside is not drawn again")
  func unchangedBeside() throws {
    let axial = BesideChoice(
      .series(file: "sub-001_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
    let library = FixtureLibrary { Session.time }
    let volume = try #require(FixtureVolumes.axialDiscs)
    library.neighbours.withLock { $0["001"] = [(axial, .success(.volume(volume)))] }
    let shown: [MemoryDriver.Step] = [.type("B"), .await("slice 6/20"), .idle]
    let held = ["50", "40", "30"].flatMap { opacity -> [MemoryDriver.Step] in
      [.type("<"), .await("anomaly map \(opacity) % opaque")]
    }
    func drawings(_ steps: [MemoryDriver.Step]) -> Int {
      Self.play(steps, .sixelTerminal, library: library).worker.log.count {
        $0.hasSuffix("beside")
      }
    }
    #expect(drawings(shown) > 0 && drawings(shown + held) == drawings(shown))
  }

  @Test("a picture that was drawn anew and looks the same is not sent again")
  func sameContent() throws {
    let (source, window) = try DraftTests.phantom(noise: 0.1)
    var view = DraftTests.view(slice: 5)
    view.window = window
    let size = TerminalSize(columns: 80, rows: 40)
    func screen(_ view: SliceView) -> Screen {
      var screen = Screen(size: size)
      screen.place(view.draw(source), in: CellRect(row: 1, column: 1, height: 32, width: 64))
      return screen
    }
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.cell = PixelSize(width: 8, height: 16)
    var layer = SixelLayer()
    #expect(!layer.bytes(for: screen(view), capabilities: capabilities).isEmpty)
    #expect(layer.bytes(for: screen(view), capabilities: capabilities).isEmpty)
    view.isInverted = true
    #expect(!layer.bytes(for: screen(view), capabilities: capabilities).isEmpty)
  }
}
