import Core
import Imaging
import Testing

@testable import TUI

@Suite("Drafts while pictures move")
struct DraftTests {
  static func view(slice: Int, subject: String = "001", sixel: Bool = true) -> SliceView {
    SliceView(
      subject: subject, slice: slice, crop: PixelRect(rows: 0..<256, columns: 0..<256),
      canvas: PictureCanvas(
        size: PixelSize(width: 512, height: 512), pixelAspect: 1, monochrome: false,
        sixelColours: sixel ? 256 : nil),
      window: WindowLevel(from: 0, to: 1), isInverted: false, overlay: .hidden)
  }

  @Test("two changes within the rest are a movement, and a picture that rests is none")
  func motion() {
    var motion = PictureMotion(rest: .milliseconds(200))
    let start = ContinuousClock.now
    func moves(to view: SliceView, at ms: Int) -> Bool {
      motion.isMoving(to: view, at: start + .milliseconds(ms))
    }
    func restLeft(at ms: Int) -> Int { motion.restLeft(at: start + .milliseconds(ms)) }
    #expect(!moves(to: Self.view(slice: 1), at: 0))
    #expect(!moves(to: Self.view(slice: 2), at: 300))
    #expect(moves(to: Self.view(slice: 3), at: 340))
    #expect(moves(to: Self.view(slice: 3), at: 400))
    #expect(restLeft(at: 400) == 141)
    #expect(!moves(to: Self.view(slice: 3), at: 541))
    #expect(restLeft(at: 900) == 0)
    // Another study is looked at from the start, and a map that comes and goes is no movement.
    #expect(!moves(to: Self.view(slice: 4), at: 1000))
    #expect(!moves(to: Self.view(slice: 4, subject: "002"), at: 1010))
    var bare = Self.view(slice: 4, subject: "002")
    bare.overlay.kind = .heat
    #expect(!moves(to: bare, at: 1020))
    // Where it changes again before it rested, a key is held.
    bare.overlay.opacity = 0.5
    #expect(moves(to: bare, at: 1060))
    #expect(moves(to: bare, at: 1259))
    #expect(!moves(to: bare, at: 1260))
    // The next change of the map is one picture after another that rested.
    bare.overlay.opacity = 0.4
    #expect(!moves(to: bare, at: 1300))
    // While slices move the map may change, too.
    #expect(!moves(to: Self.view(slice: 5, subject: "002"), at: 2000))
    #expect(moves(to: Self.view(slice: 6, subject: "002"), at: 2040))
    bare = Self.view(slice: 6, subject: "002")
    bare.overlay.kind = .heat
    #expect(moves(to: bare, at: 2080))
  }

  @Test("a picture beside that changes is a movement, too, also where it is alone")
  func besideMotion() throws {
    let plane = try SamplingPlane(FixtureStudies.study("001").pictures[5].grid)
    func beside(_ row: Int) -> BesideView {
      BesideView(
        subject: "001", choice: BesideChoice(.reformat, title: "t"), plane: plane,
        crop: PixelRect(rows: row..<(row + 50), columns: 0..<50),
        canvas: Self.view(slice: 1).canvas, window: WindowLevel(from: 0, to: 1),
        isInverted: false)
    }
    let start = ContinuousClock.now
    for view in [Self.view(slice: 1), nil] {
      var motion = PictureMotion(rest: .milliseconds(200))
      func moves(_ row: Int, at ms: Int) -> Bool {
        motion.isMoving(to: view, beside: [beside(row)], at: start + .milliseconds(ms))
      }
      #expect(!moves(1, at: 0) && !moves(2, at: 300))
      #expect(moves(3, at: 340) && moves(3, at: 539))
      #expect(!moves(3, at: 540))
    }
  }

  @Test("on a slow link the first change is a movement, too, unless it was stopped")
  func draftsFirst() {
    var motion = PictureMotion(rest: .milliseconds(200))
    motion.draftsFirst = true
    let start = ContinuousClock.now
    func moves(to view: SliceView, at ms: Int) -> Bool {
      motion.isMoving(to: view, at: start + .milliseconds(ms))
    }
    #expect(moves(to: Self.view(slice: 1), at: 0))
    #expect(moves(to: Self.view(slice: 1), at: 199))
    #expect(!moves(to: Self.view(slice: 1), at: 200))
    #expect(moves(to: Self.view(slice: 2), at: 1000))
    motion.stop()
    #expect(!moves(to: Self.view(slice: 2), at: 1010))
    #expect(!moves(to: Self.view(slice: 2), at: 1020))
    #expect(moves(to: Self.view(slice: 3), at: 2000))
    motion.draftsFirst = false
    #expect(!moves(to: Self.view(slice: 4), at: 3000))
  }

  /// The slices drawn, from the first key on, by who goes from slice 6 to 8 and back, and rests at each.
  private static func drawn(link: LinkQuality, keepsPictures: Bool) -> [String] {
    let steps = [("j", 7), ("j", 8), ("k", 7), ("k", 6)].flatMap {
      (key, slice) -> [MemoryDriver.Step] in
      [.type(key), .await("slice \(slice) of 11"), .idle]
    }
    let session = Session(
      MemoryDriver.Step.open("001") + [.await("slice 6 of 11"), .idle] + steps + [.terminate],
      capabilities: .kittyTerminal, typesAhead: true, link: link, keepsPictures: keepsPictures)
    #expect(session.driver.missed.isEmpty)
    let drawn = session.worker.log.filter {
      ($0.hasPrefix("draft ") || $0.hasPrefix("draw ")) && $0 != "draw beside"
    }
    return Array(drawn.drop { $0.hasSuffix(" 5") })
  }

  @Test("on a slow link every picture goes first as a draft, but what the terminal has")
  func slowLink() {
    var slow = LinkQuality()
    slow.note(bytes: 200_000, took: .seconds(4), roundTrip: .zero)
    slow.fullFrameBytes = 200_000
    let fast = Self.drawn(link: LinkQuality(), keepsPictures: false)
    #expect(fast == ["draw 6", "draw 7", "draw 6", "draw 5"])
    let lean = Self.drawn(link: slow, keepsPictures: false)
    #expect(lean == [6, 7, 6, 5].flatMap { ["draft \($0)", "draw \($0)"] })
    let kept = Self.drawn(link: slow, keepsPictures: true)
    #expect(kept == ["draft 6", "draw 6", "draft 7", "draw 7", "draw 6", "draw 5"])
  }

  @Test("a draft of nothing but noise (seed 7) is short, too")
  func noise() throws {
    var random = RandomSource(seed: 7)
    var picture = try FixtureStudies.study("001").pictures[5]
    picture.image = picture.image.map { _ in Float(random.normal()) }
    let view = Self.view(slice: 5)
    let source = PictureSource(picture)
    let draft = try #require(view.draft).draw(source)
    #expect(draft.sixels.count <= PictureDraft.mostBytes && draft.sixels.count > 1000)
    #expect(view.draw(source).sixels.count > 4 * draft.sixels.count)
  }

  @Test("pictures of every kind have drafts but half blocks in 16 colours, which are short")
  func kinds() {
    #expect(Self.view(slice: 1, sixel: false).draft == nil)
    #expect(Self.view(slice: 1).draft?.isDraft == true)
    var kitty = Self.view(slice: 1, sixel: false)
    kitty.canvas.isKitty = true
    #expect(kitty.draft?.isDraft == true)
    var capabilities = TerminalCapabilities()
    #expect(Self.blocks(capabilities)?.draft?.isDraft == true)
    capabilities.trueColour = true
    #expect(Self.blocks(capabilities)?.draft?.isDraft == true)
    capabilities.trueColour = false
    capabilities.colours = 16
    #expect(Self.blocks(capabilities) != nil && Self.blocks(capabilities)?.draft == nil)
  }

  /// The picture of a screen of 120 x 40, or another size, in half blocks.
  private static func blocks(
    _ capabilities: TerminalCapabilities, columns: Int = 120, rows: Int = 40,
    enlarged: StudyPane? = nil
  ) -> SliceView? {
    let layout = StudyLayout(
      size: TerminalSize(columns: columns, rows: rows), isAligned: false,
      capabilities: capabilities, enlarged: enlarged)
    guard let canvas = PictureCanvas(layout.picture, capabilities) else { return nil }
    var view = view(slice: 5, sixel: false)
    view.canvas = canvas
    return view
  }

  /// Capabilities of terminals with 256 and with 24-bit colours.
  static let blockTerminals: [TerminalCapabilities] = [false, true].map { isTrueColour in
    var capabilities = TerminalCapabilities()
    capabilities.trueColour = isTrueColour
    return capabilities
  }

  /// The middle slice of a phantom (seed 3), to which noise (seed 7) is added, in shares of its window.
  static func phantom(noise: Float) throws -> (PictureSource, WindowLevel) {
    let image = PhantomGenerator().study(seed: 3, index: 0).image
    let stack = try #require(SagittalStack(image))
    let middle = stack.count / 2
    let grid = stack.grid(slice: middle, centredOn: stack.centre(ofSlice: middle))
    var slice = image.resampled(on: grid).raster
    let window = try #require(WindowLevel.preset(.auto, of: slice))
    var random = RandomSource(seed: 7)
    slice = slice.map { $0 + noise * window.window * Float(random.normal()) }
    let picture = ReviewStudy.Picture(
      index: middle, image: slice, grid: grid, cord: nil, anomaly: nil)
    return (PictureSource(picture), window)
  }

  @Test(
    "half blocks that move take at most 26 kB, on phantoms, noisy ones and the largest screens",
    arguments: blockTerminals, [0, 0.1, 1] as [Float])
  func shortBlocks(_ capabilities: TerminalCapabilities, noise: Float) throws {
    let (source, window) = try Self.phantom(noise: noise)
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (300, 100)] {
      var view = try #require(Self.blocks(capabilities, columns: columns, rows: rows))
      view.window = window
      let coding = try #require(view.canvas.blocks)
      let (full, draft) = (view.draw(source), view.drawDraft(source))
      let (whole, short) = (coding.bytes(of: full), coding.bytes(of: draft.picture))
      #expect(short <= PictureDraft.mostBytes && short <= whole && short > 1000, "\(draft.words)")
      // Of the same size, at the same place.
      #expect(draft.picture.pixels.columns == full.pixels.columns)
      #expect(draft.picture.pixels.rows == full.pixels.rows)
      #expect(draft.picture.placement == full.placement)
      // What is short in full is not made coarse.
      let isWhole = draft.picture.pixels.pixels == full.pixels.pixels
      #expect(isWhole == (whole <= PictureDraft.mostBytes), "\(whole)")
    }
  }

  @Test(
    "no screen is so large, with all panes or the picture alone, that half blocks take more",
    arguments: blockTerminals)
  func largestScreens(_ capabilities: TerminalCapabilities) throws {
    let (source, window) = try Self.phantom(noise: 1)
    for (columns, rows) in [(300, 100), (500, 200), (240, 250)] {
      for pane in [nil, .picture] as [StudyPane?] {
        var view = try #require(
          Self.blocks(capabilities, columns: columns, rows: rows, enlarged: pane))
        view.window = window
        let cells = view.canvas.size.width * view.canvas.size.height / 2
        #expect(cells <= BlockCoding.mostCells && cells > BlockCoding.mostCells * 9 / 10)
        let coding = try #require(view.canvas.blocks)
        let draft = view.drawDraft(source)
        let bytes = coding.bytes(of: draft.picture)
        #expect(bytes <= 29_000 && bytes > cells, "\(columns) x \(rows): \(draft.words)")
      }
    }
    // What fits is not cut, and columns beyond a square go before lines do.
    func fitted(_ width: Int, _ height: Int) -> [Int] {
      let room = BlockCoding.fitted(width: width, height: height)
      return [room.width, room.height]
    }
    #expect(fitted(192, 52) == [192, 52] && fitted(0, -1) == [0, -1])
    #expect(fitted(292, 92) == [226, 92])
    let two = StudyLayout(
      size: TerminalSize(columns: 500, rows: 200), isAligned: false, capabilities: capabilities,
      fill: .both
    ).picture
    let cells = two.width * two.height
    #expect(cells <= BlockCoding.mostCellsOfTwo && cells > BlockCoding.mostCellsOfTwo * 9 / 10)
  }

  @Test("at rest half blocks are sent byte for byte as if no draft had been there")
  func blocksAtRest() throws {
    let (source, window) = try Self.phantom(noise: 0.1)
    var view = try #require(Self.blocks(Self.blockTerminals[1]))
    view.window = window
    let draft = try #require(view.draft).draw(source)
    #expect(draft.isNumbered && draft.pixels.pixels != view.draw(source).pixels.pixels)
    let size = TerminalSize(columns: 120, rows: 40)
    let rect = StudyLayout(
      size: size, isAligned: false, capabilities: Self.blockTerminals[1]
    ).picture
    func screen(_ picture: ScreenPicture) -> Screen {
      var screen = Screen(size: size)
      screen.place(picture, in: rect)
      return screen
    }
    var moved = DirectBlockLayer()
    var fresh = DirectBlockLayer()
    let first = moved.bytes(for: screen(draft))
    #expect(first.count <= 30_000 && !first.isEmpty)
    let full = moved.bytes(for: screen(view.draw(source)))
    #expect(full == fresh.bytes(for: screen(view.draw(source))))
    #expect(full.count > first.count)
    // What has not changed since is not sent again.
    #expect(moved.bytes(for: screen(view.draw(source))).isEmpty)
  }

  @Test(
    "a held key draws drafts, and the picture in full once it rests",
    arguments: [TerminalCapabilities.sixelTerminal, .kittyTerminal] + blockTerminals)
  func heldKey(_ capabilities: TerminalCapabilities) {
    let slices = (7...9).flatMap { slice -> [MemoryDriver.Step] in
      [.type("j"), .await("slice \(slice) of 11")]
    }
    // A millisecond passes whenever it is asked for, however busy the machine is.
    var time = ContinuousClock.now
    let session = Session(
      MemoryDriver.Step.open("001") + [.await("slice 6 of 11")] + slices,
      capabilities: capabilities, typesAhead: true, rest: .milliseconds(300)
    ) {
      time += .milliseconds(1)
      return time
    }
    let drawn = session.worker.log.filter { $0.hasPrefix("d") }
    #expect(drawn.contains { $0.hasPrefix("draft") }, "\(drawn)")
    #expect(drawn.last == "draw 8", "\(drawn)")
  }

  @Test("what is stated during a movement waits for the picture in full")
  func verdict() {
    let session = Session(
      MemoryDriver.Step.open("001")
        + [.await("slice 6 of 11"), .type("k"), .await("slice 5 of 11"), .type("k")]
        + [.await("slice 4 of 11"), .type("P"), .terminate],
      capabilities: .sixelTerminal, typesAhead: true, rest: .seconds(3600))
    #expect(session.worker.log.contains("draft 3"), "\(session.worker.log)")
    let write = session.worker.log.firstIndex(of: "write")
    let full = session.worker.log.lastIndex(of: "draw 3")
    #expect(write != nil && full != nil && full ?? 9 < write ?? 0, "\(session.worker.log)")
    #expect(session.library.records("001").count == 1)
  }

  @Test("nothing is stated on a draft")
  func refusal() throws {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: .sixelTerminal)
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "001"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    let loaded = LoadedStudy(
      study: try FixtureStudies.study("001"), journal: JournalContents(records: []))
    let reply = WorkerReply(value: .study("001", .success(loaded)))
    _ = Workstation.update(&state, .message(.reply(reply)))
    let study = try #require(state.study)
    let picture = try #require(study.picture)
    var view = try #require(StudyLayout(state).view(study, state.capabilities))
    view.isDraft = true
    state.study?.shown = (view, view.draw(PictureSource(picture)))
    #expect(
      Workstation.refusal(try #require(state.study), state)?.contains("not drawn yet") == true)
    view.isDraft = false
    state.study?.shown?.view = view
    #expect(Workstation.refusal(try #require(state.study), state) == nil)
    // Words stand in the picture's place until it is drawn in its new size.
    state.size = TerminalSize(columns: 160, rows: 50)
    _ = Workstation.update(&state, .resized)
    #expect(Renderer.render(state).placements.isEmpty)
    let effects = Workstation.update(&state, .key(.character("P")))
    #expect(!effects.contains { if case .write = $0 { true } else { false } })
    #expect(state.message?.text.contains("not drawn yet") == true)
  }
}
