import Core
import Imaging
import Testing

@testable import TUI

@Suite("Drafts while pictures move")
struct DraftTests {
  private static func view(slice: Int, subject: String = "001", sixel: Bool = true) -> SliceView {
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
  }

  @Test("a draft of nothing but noise (seed 7) is short, too")
  func noise() throws {
    var random = RandomSource(seed: 7)
    var picture = try FixtureStudies.study("001").pictures[5]
    picture.image = picture.image.map { _ in Float(random.normal()) }
    let view = Self.view(slice: 5)
    let source = PictureSource(picture)
    let draft = try #require(view.draft).draw(source)
    #expect(draft.sixels.count <= SliceView.draftBytes && draft.sixels.count > 1000)
    #expect(view.draw(source).sixels.count > 4 * draft.sixels.count)
  }

  @Test("half blocks have no drafts: they send what changes; sixels and kitty pictures have")
  func halfBlocks() {
    #expect(Self.view(slice: 1, sixel: false).draft == nil)
    #expect(Self.view(slice: 1).draft?.isDraft == true)
    var kitty = Self.view(slice: 1, sixel: false)
    kitty.canvas.isKitty = true
    #expect(kitty.draft?.isDraft == true)
  }

  @Test(
    "a held key draws drafts, and the picture in full once it rests",
    arguments: [TerminalCapabilities.sixelTerminal, .kittyTerminal])
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
