import Core
import Foundation
import Imaging
import Testing

@testable import TUI

@Suite("Reading: maps, labels, crosshair, distance, signal")
struct ReadingTests {
  /// A library whose scored slices have every map, and all slices labels.
  private static func library(without missing: DerivativeMaps.Kind? = nil) -> FixtureLibrary {
    FixtureLibrary(clock: { Session.time }) { study in
      for index in study.pictures.indices {
        let picture = study.pictures[index]
        study.pictures[index].tissues = picture.cord?.map {
          $0 ? SliceTissue.cord : SliceTissue.background
        }
        guard let anomaly = picture.anomaly else { continue }
        study.pictures[index].maps = [
          .epistemic: anomaly.map { $0.isNaN ? .nan : 0.002 },
          .aleatoric: anomaly.map { abs($0) * 0.4 },
          .reconstruction: anomaly.map { $0.isNaN ? .nan : 0.35 },
        ]
        if let missing { study.pictures[index].maps[missing] = nil }
      }
    }
  }

  private static func session(
    _ keys: String, columns: Int = 120, rows: Int = 40, library: FixtureLibrary? = nil,
    capabilities: TerminalCapabilities = TerminalCapabilities(), startsBlind: Bool = false
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type(keys)], columns: columns, rows: rows,
      capabilities: capabilities, library: library ?? Self.library(), startsBlind: startsBlind)
  }

  private static func state(_ change: (inout ReviewStudy) -> Void = { _ in }) throws
    -> StudyScreenState
  {
    var study = try library().loadStudy("001")
    change(&study)
    return StudyScreenState(LoadedStudy(study: study, journal: JournalContents(records: [])))
  }

  // MARK: Maps

  @Test("o goes through every map and back, and says what each is and in which unit")
  func cycle() {
    let wanted: [(String, String)] = [
      ("anomaly map: brighter than expected, outlined", "map > 0.15"),
      ("anomaly map: brighter and darker", "map 0.15 ... 0.45"),
      ("difference: picture less reconstruction, in normalised grey", "difference 0.00"),
      ("epistemic uncertainty: variance of the passes, in normalised grey^2", "grey^2"),
      ("aleatoric uncertainty: absolute error", "AU map"),
      ("reconstruction: mean of the passes", "reconstruction"),
      ("labels: cord yellow", "labels"),
      ("label outlines: cord yellow", "label outlines"),
      ("map: off", "no map"),
      ("anomaly map: brighter than expected, in colours", "map 0.15 ... 0.45"),
    ]
    for (count, words) in wanted.enumerated() {
      let session = Self.session(String(repeating: "o", count: count + 1))
      #expect(session.message.contains(words.0), "\(count): \(session.message)")
      #expect(session.lines[1].contains(words.1), "\(count): \(session.lines[1])")
    }
  }

  @Test("a map that is not stored is said to be absent, and nothing is drawn for it")
  func absent() throws {
    let none = Self.session("oooo", library: Self.library(without: .epistemic))
    #expect(none.message.contains("epistemic uncertainty: not stored with this detection"))
    #expect(none.lines[1].contains("no EU map"))
    let beside = Self.session("ggoooo")
    #expect(beside.message.contains("not stored for this slice; slices 5-7 have it"))
    let unlabelled = Self.session(
      "ooooooo", library: FixtureLibrary(clock: { Session.time }))
    #expect(unlabelled.message.contains("labels: nothing is labelled on this slice"))
    var study = try Self.state { study in
      for index in study.pictures.indices { study.pictures[index].maps = [:] }
      study.mapProblems[.reconstruction] = "a.nii.gz is damaged"
    }
    study.overlayKind = .reconstruction
    #expect(study.overlay == .hidden)
    #expect(study.absentOverlayWords == "reconstruction: not stored: a.nii.gz is damaged")
  }

  @Test("the difference is the absolute error with the anomaly's sign")
  func difference() throws {
    let picture = try #require(Self.state().picture)
    let anomaly = try #require(picture.anomaly)
    let difference = try #require(picture.difference)
    var signs: Set<Bool> = []
    for n in anomaly.pixels.indices where anomaly.pixels[n].isFinite {
      #expect(abs(difference.pixels[n] - anomaly.pixels[n] * 0.4) < 1e-6)
      signs.insert(anomaly.pixels[n] < 0)
    }
    #expect(signs == [true, false])
    #expect(zip(anomaly.pixels, difference.pixels).allSatisfy { $0.isNaN == $1.isNaN })
  }

  @Test("Space takes the map off the picture and puts it back to the pixel, and says so")
  func oneKey() throws {
    func pixels(_ keys: String) throws -> [RGB8] {
      let placement = try #require(Self.session(keys).driver.screen.placements.first)
      return placement.picture.pixels.pixels
    }
    func colours(_ pixels: [RGB8]) -> Int { pixels.count { $0.r != $0.g || $0.g != $0.b } }
    let (with, without) = (try pixels(""), try pixels(" "))
    #expect(with.count == without.count && colours(with) > colours(without))
    #expect(try pixels("  ") == with && pixels("   ") == without)
    #expect(Self.session(" ").message.contains("anomaly map off"))
    #expect(Self.session("  ").message.contains("anomaly map on"))
  }

  @Test("opacity and threshold change what they can, and say so where they cannot")
  func keys() {
    #expect(Self.session("ooo>").message.contains("difference 70 % opaque"))
    #expect(Self.session("oooTT").message.contains("difference drawn from 20 % of its scale"))
    #expect(Self.session("oooooo>").message.contains("reconstruction: drawn whole"))
    #expect(Self.session("oooooooT").message.contains("labels: there is no threshold"))
    #expect(Self.session("T").message.contains("map drawn from 125 % of the threshold"))
  }

  @Test("blind reading hides maps and labels, not crosshair and distance")
  func blind() {
    let map = Self.session("o", startsBlind: true)
    #expect(map.message.contains("the AI is hidden"))
    let cross = Self.session("Xmjjjj", startsBlind: true)
    #expect(cross.text.contains("grey ") && cross.text.contains("distance 3.1 mm"))
    #expect(!cross.text.contains("anomaly +") && !cross.text.contains("anomaly -"))
    let signal = Self.session("Xs", startsBlind: true)
    #expect(signal.message.contains("no SCR") && signal.message.contains("hidden"))
  }

  // MARK: Pictures

  private static func picture(
    _ kind: OverlayKind, sixel: Bool = false, crosshair: SIMD2<Double>? = nil
  ) throws -> (picture: ScreenPicture, study: StudyScreenState) {
    var study = try state()
    study.overlayKind = kind
    study.opacity = 1
    study.crosshair = crosshair.map { Crosshair(place: $0) }
    let capabilities = sixel ? TerminalCapabilities.sixelTerminal : TerminalCapabilities()
    let layout = StudyLayout(
      size: TerminalSize(columns: 120, rows: 40), isAligned: false, capabilities: capabilities)
    let view = try #require(layout.view(study, capabilities))
    return (view.draw(PictureSource(try #require(study.picture))), study)
  }

  @Test("the colour bar stands at the right edge, the reconstruction and the labels have none")
  func colourBar() throws {
    let uncertainty = try Self.picture(.epistemic).picture.pixels
    let column = uncertainty.columns - 2
    #expect(uncertainty[1, column] == Colormap.uncertainty.colour(1))
    #expect(uncertainty[uncertainty.rows * 2 / 5 - 1, column] == Colormap.uncertainty.colour(0))
    let signed = try Self.picture(.difference).picture.pixels
    #expect(signed[1, column] == Colormap.anomaly.colour(1))
    for kind in [OverlayKind.reconstruction, .tissues, .none] {
      let pixel = try Self.picture(kind).picture.pixels[1, column]
      #expect(pixel.r == pixel.g && pixel.g == pixel.b, "\(kind)")
    }
  }

  @Test("labels are filled in the colour of their tissue and outlined in it")
  func labels() throws {
    for kind in [OverlayKind.tissues, .outlines] {
      let (picture, study) = try Self.picture(kind, sixel: true)
      let cord = try #require(study.picture?.cord)
      let row = 120
      let columns = (0..<256).filter { cord[row, $0] }
      let (first, last) = (try #require(columns.first), try #require(columns.last))
      func pixel(_ column: Double) -> RGB8 {
        picture.pixels[
          Int(picture.placement.y(ofRow: Double(row))), Int(picture.placement.x(ofColumn: column))]
      }
      #expect((pixel(Double(first + last) / 2) == SliceTissue.cord.colour) == (kind == .tissues))
      #expect(pixel(Double(last + 6)) != SliceTissue.cord.colour)
      let across = (first - 1)...(last + 1)
      let steps = stride(from: Double(across.lowerBound), to: Double(across.upperBound), by: 0.2)
      #expect(steps.contains { pixel($0) == SliceTissue.cord.colour })
    }
  }

  @Test("the crosshair leaves its centre free")
  func gap() throws {
    let place = SIMD2(128.0, 120.0)
    let with = try Self.picture(.none, sixel: true, crosshair: place).picture
    let without = try Self.picture(.none, sixel: true).picture
    let x = Int(with.placement.x(ofColumn: place.x))
    let y = Int(with.placement.y(ofRow: place.y))
    #expect(with.pixels[y, x] == without.pixels[y, x])
    #expect(with.pixels[y, with.placement.content.columns.lowerBound] == PictureStyle.accent)
    #expect(with.pixels[with.placement.content.rows.lowerBound, x] == PictureStyle.accent)
  }

  @Test("outlines on a picture that is too small ask for zoom")
  func small() {
    let session = Self.session("oooooooo", columns: 160, rows: 50)
    #expect(session.lines[1].contains("too small: zoom in"))
  }

  // MARK: Crosshair

  @Test("the crosshair moves by keys and mouse, reads out, and gives the keys back")
  func crosshair() throws {
    let on = Self.session("X")
    let line = try #require(on.lines.first { $0.contains("RAS ") })
    #expect(line.contains("grey ") && line.contains("anomaly ") && line.contains("cord"))
    #expect(line.contains("C4-5") && line.contains(" row ") && line.contains(" column "))
    #expect(on.lines[1].contains("CROSSHAIR") && on.lines[1].contains("slice 6 of 11"))
    /// Row and column.
    func place(_ session: Session) throws -> SIMD2<Int> {
      let line = try #require(session.lines.first { $0.contains("RAS ") })
      let words = line.split(whereSeparator: { " ,".contains($0) }).map(String.init)
      let row = try #require(words.firstIndex(of: "row"))
      return SIMD2(try #require(Int(words[row + 1])), try #require(Int(words[row + 3])))
    }
    let start = try place(on)
    let moved = try place(Self.session("XjjlK"))
    #expect(moved == start &+ SIMD2(2 - 8, 1))
    let next = Self.session("X]")
    let kept = try place(next)
    #expect(next.lines[1].contains("slice 7 of 11") && kept == start)
    let off = Self.session("Xjjqj")
    #expect(off.lines[1].contains("slice 7 of 11") && !off.text.contains("RAS "))
    let pressed = Session(
      MemoryDriver.Step.open("001")
        + [.type("X"), .mouse(MouseAct(.press, row: 10, column: 20))], library: Self.library())
    let there = try place(pressed)
    #expect(there.x < start.x && there.y < start.y)
  }

  @Test("keys that state something do nothing while the crosshair is on")
  func safe() {
    for key in ["x", "a", "P", "A", "d", "F", "!"] {
      let session = Self.session("X" + key)
      #expect(session.library.records("001").isEmpty && session.text.contains("RAS "), "\(key)")
    }
  }

  @Test("without a picture there is no crosshair")
  func noPicture() {
    var capabilities = TerminalCapabilities()
    capabilities.colours = 0
    let session = Self.session("X", capabilities: capabilities)
    #expect(session.message.contains("no crosshair without a picture"))
  }

  // MARK: Tools

  @Test("a distance follows the crosshair, ends with m, stays, and goes with Esc")
  func distance() throws {
    #expect(Self.session("Xmjjjj").text.contains("distance 3.1 mm"))
    let ended = Self.session("Xmjjjjmjjj")
    #expect(ended.text.contains("distance 3.1 mm"))
    let slanted = Self.session("XmjjjjlllM")
    #expect(slanted.text.contains("distance 3.9 mm"))
    let gone = Session(
      MemoryDriver.Step.open("001") + [.type("Xmjjjjm"), .escape], library: Self.library())
    #expect(gone.text.contains("RAS ") && !gone.text.contains("distance 3"))
    let left = Session(
      MemoryDriver.Step.open("001") + [.type("Xmjm"), .escape, .escape], library: Self.library())
    #expect(!left.text.contains("RAS "))
    #expect(!Self.session("Xmjjjjm]").text.contains("distance 3"))
    #expect(ended.library.records("001").isEmpty)
  }

  @Test("the measured line is drawn in the picture")
  func line() throws {
    var study = try Self.state()
    study.overlayKind = .none
    var crosshair = Crosshair(place: [150, 140])
    crosshair.measured = .init(slice: study.slice, from: [120, 100], to: [120, 130])
    study.crosshair = crosshair
    #expect(abs(try #require(crosshair.millimetres(on: study.slice)) - 30 * 0.78125) < 1e-9)
    let capabilities = TerminalCapabilities.sixelTerminal
    let layout = StudyLayout(
      size: TerminalSize(columns: 120, rows: 40), isAligned: false, capabilities: capabilities)
    let view = try #require(layout.view(study, capabilities))
    let picture = view.draw(PictureSource(try #require(study.picture)))
    let x = Int(picture.placement.x(ofColumn: 120))
    for row in [100.0, 115, 130] {
      #expect(picture.pixels[Int(picture.placement.y(ofRow: row)), x] == PictureStyle.mark)
    }
    study.slice += 1
    #expect(layout.view(study, capabilities)?.lines == [])
  }

  @Test("the signal is said with what it was measured against, or why it cannot be")
  func signal() throws {
    let session = Self.session("Xs")
    #expect(session.message.contains("no SCR: only studies of a library on disk"))
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
    state.view = .study
    var study = try Self.state()
    study.crosshair = Crosshair(place: [128, 120])
    state.study = study
    let effects = Workstation.update(&state, .key(.character("s")))
    let asked = effects.first { !$0.looksForDrafts }
    guard case .measureSignal(let place, subject: "001") = try #require(asked) else {
      Issue.record("no effect")
      return
    }
    let value = MeasuredValue(
      value: 1.62, reason: nil, method: "m",
      inputs: [
        "3 x 3 px 412.0 grey values", "reference 254.3 grey values: C7-T1 disc level",
      ])
    func answer(_ value: MeasuredValue) {
      let reply = WorkerReply(value: .signal(place, "001", .success(value)))
      _ = Workstation.update(&state, .message(.reply(reply)))
    }
    answer(value)
    #expect(
      state.message?.text == "SCR 1.62: 3 x 3 px 412.0, reference 254.3: C7-T1 disc level")
    var doubted = value
    doubted.quality = [QualityFlag("reference-substituted", "mid-C6 was.")]
    answer(doubted)
    #expect(
      state.message?.text
        == "SCR ?1.62: 3 x 3 px 412.0, reference 254.3: C7-T1 disc level; in doubt: "
        + "reference-substituted")
    answer(value)
    // The crosshair has moved on: the answer is no longer about its place.
    _ = Workstation.update(&state, .key(.character("j")))
    answer(value)
    #expect(state.message == nil)
  }

  @Test("screens: crosshair with a distance, labels", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let cross = Self.session("XmJlmk", columns: size.0, rows: size.1)
    try Snapshot.check(cross.text, "crosshair-\(size.0)x\(size.1)")
    let labels = Self.session("ooooooo", columns: size.0, rows: size.1)
    try Snapshot.check(labels.text, "labels-\(size.0)x\(size.1)")
    let uncertainty = Self.session("oooo", columns: size.0, rows: size.1)
    try Snapshot.check(uncertainty.text, "uncertainty-\(size.0)x\(size.1)")
  }
}
