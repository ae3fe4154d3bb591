import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Measuring studies for the screen")
struct LibraryMeasuresTests {
  private let source = SyntheticStudy()
  private let labels: StudyLabels

  init() { labels = source.studyLabels }

  /// A library in which others drew cord, canal and spine.
  private func given() throws -> PartialLibrary {
    try PartialLibrary(
      source.image,
      [
        .cord: try #require(labels.cord), .canal: try #require(labels.canal),
        .spine: try #require(labels.spine),
      ])
  }

  private func cord(width: Int) -> LabelVolume {
    source.each { slice, row, column in
      slice == 2 && source.cordRows.contains(row)
        && abs(column - SyntheticStudy.centreColumn) <= width ? 1 : 0
    }
  }

  private func state(
    _ verdict: Verdict, by reader: String, in library: StudyLibrary
  ) throws {
    _ = try library.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: verdict), subject: "01",
      reader: reader)
  }

  @Test("what was measured is measured again when a mask is another, and only then")
  func masks() throws {
    let folder = try given()
    let (library, study) = try folder.open()
    let before = try library.measures(of: "01", reader: "liu")
    #expect(before == StudyMeasures(try library.report(of: study, reader: "liu").measurements))
    #expect(try library.measures(of: "01", reader: "liu") == before)
    try folder.give(.cord, cord(width: 5))
    let after = try library.measures(of: "01", reader: "liu")
    let wide = try #require(after[.c4c5]?.cordApMm.value)
    let narrow = try #require(before[.c4c5]?.cordApMm.value)
    #expect(wide > narrow + 1, "\(narrow) \(wide)")
    #expect(throws: LibraryError.self) { try library.measures(of: "99", reader: "liu") }
  }

  @Test("a lesion that the reader confirms has a row; what another reader sees has none yet")
  func verdicts() throws {
    let folder = try given()
    let (library, _) = try folder.open()
    func reason() throws -> String? {
      try library.measures(of: "01", reader: "liu")[.c4c5]?.scrRatio.reason
    }
    let none = try reason()
    try state(.present, by: "anna", in: library)
    #expect(try reason() == none && none?.contains("a reader sees it") == false)
    try state(.present, by: "liu", in: library)
    #expect(try reason()?.contains("a reader sees it") == true)
    try state(.absent, by: "liu", in: library)
    #expect(try reason() == none)
  }

  @Test("a lesion mask that another reader drew is measured once one has signed, and not before")
  func otherMask() throws {
    let folder = try given()
    let (library, study) = try folder.open()
    func measured(_ reader: String) throws -> StudyMeasures {
      try library.measures(of: "01", reader: reader)
    }
    let session = try TeachingSession(
      making: "monday", of: [study], in: library, by: "carla", usesReadings: false)
    let room = try TeachingSource(session, in: library, role: .learner, reader: "carla")
    func taught(_ reader: String) throws -> StudyMeasures {
      try room.measures(of: "1", reader: reader)
    }
    let before = try measured("carla")
    let taughtBefore = try taught("carla")
    let pictures = try library.loadStudy("01").pictures
    let picture = try #require(pictures.first { $0.index == 2 })
    let cord = try #require(picture.cord)
    let inside = cord.pixels.indices.filter { cord.pixels[$0] }
    let pixel = inside[inside.count / 2]
    let place = SIMD2(Double(pixel % cord.columns), Double(pixel / cord.columns))
    let basis = try library.correctionBasis(
      .lesion, of: "01", grids: [CorrectionGrid(index: 2, grid: picture.grid)], reader: "bob",
      isBlind: false)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 9, on: 0, from: place, to: place)
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: picture.grid, before: edit.original[0], after: edit.masks[0])
    _ = try library.correct(
      LabelCorrection(target: .lesion, files: basis.files, content: .mask([change])),
      .correct(CorrectionNote(.lesion, change: "dot")), subject: "01", reader: "bob")
    #expect(try measured("bob") != before)
    #expect(try measured("carla") == before)
    // Nor is it in a case of a teaching session.
    #expect(try taught("bob") != taughtBefore && taught("carla") == taughtBefore)
    let journal = try library.openJournal(study, reader: "carla")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    #expect(try measured("carla") == before)
    _ = try journal.append(.signOff(.reviewed, name: "Carla"))
    #expect(try measured("carla") != before)
    #expect(try taught("carla") != taughtBefore)
  }

  /// Anna and bob differ; sup has adjudicated: C4-5 present, C6-7 absent, and C5-6 left open.
  private func adjudicated() throws -> (PartialLibrary, StudyLibrary, LibraryStudy) {
    let folder = try given()
    let (library, study) = try folder.open()
    let stated: [(String, SignatureMeaning, [(SpinalSegment, Verdict)])] = [
      ("anna", .reviewed, [(.c4c5, .present), (.c6c7, .absent)]),
      ("bob", .reviewed, [(.c4c5, .absent), (.c5c6, .present), (.c6c7, .present)]),
      ("sup", .adjudicated, [(.c4c5, .present), (.c6c7, .absent)]),
    ]
    for (reader, meaning, verdicts) in stated {
      let journal = try library.openJournal(study, reader: reader)
      for (segment, verdict) in verdicts {
        _ = try journal.append(
          ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
      }
      _ = try journal.append(.signOff(meaning, name: reader))
    }
    return (folder, library, study)
  }

  @Test("where readers were adjudicated, the lesions of a report are those that were decided")
  func decided() throws {
    let (folder, library, study) = try adjudicated()
    func seen(_ reader: String?) throws -> [[String]] {
      try library.report(of: study, reader: reader).measurements.lesions
        .filter { $0.source == .reader }.map(\.segments)
    }
    #expect(try seen(nil) == [["C4-5"]])
    #expect(try seen("sup") == [["C4-5"]])
    // Who is asked for alone says what he said.
    #expect(try seen("bob") == [["C5-6"], ["C6-7"]])
    #expect(library.verdicts(of: study, reader: "bob").quality.isEmpty)
    let all = library.verdicts(of: study)
    #expect(all.words[.c6c7] == ["FINAL: absent", "anna: absent", "bob: present", "sup: absent"])
    let open = try #require(all.quality.first)
    #expect(open.flag == "adjudication-open" && open.text.contains("on C5-6, which"))
    // Page and JSON are of the same lesions, and what derives from them is as with the adjudicator alone.
    let (sheet, own) = (library.sheet(of: study), library.sheet(of: study, reader: "sup"))
    #expect(sheet.finalVerdicts?.verdict(.c6c7) == .absent)
    #expect(sheet.measurements.lesions.map(\.segments) == own.measurements.lesions.map(\.segments))
    #expect(sheet.measurements.signal == own.measurements.signal)
    #expect(!SheetText.report(sheet).contains("lesion: C6-7"))
    #expect(!SheetText.report(sheet).contains("C4-5, C5-6, by reader"))
    // Opened again, nothing decides: all count.
    _ = try library.openJournal(study, reader: "sup").append(
      ReviewDraft(action: .reopen, comment: "axial"))
    #expect(try seen(nil) == [["C4-5"], ["C5-6"], ["C6-7"]])
    withExtendedLifetime(folder) {}
  }

  @Test("a found mask without its probabilities is a found one all the same; a corrected is not")
  func found() throws {
    let folder = try PartialLibrary(
      source.image, [.spine: try #require(labels.spine)])
    try folder.find(cord(width: 4), as: .cord)
    try folder.find(try #require(labels.canal), as: .canal)
    let found = try folder.read()
    #expect(found.cordIsFound && found.canalIsFound && found.cordShare == nil)
    try LibraryFixture.write(
      cord(width: 3), to: folder.folder(PartialLibrary.own + LabelRole.cord.ending + ".nii.gz"))
    #expect(try !folder.read().cordIsFound)
    #expect(try !given().read().cordIsFound)
    let drawn = try given().read()
    #expect(!drawn.bodiesAreFound && !drawn.discsAreFound)
  }

  @Test("in a noisy picture what the network found is not measured; what people drew is")
  func noisy() throws {
    let image = QualityCases.noisy(source.image, deviation: 40, seed: 3)
    let cord = try #require(labels.cord)
    let (canal, spine) = (try #require(labels.canal), try #require(labels.spine))
    func measured(_ folder: PartialLibrary) throws -> CervicalMeasurements {
      let (library, study) = try folder.open()
      return try library.report(of: study).measurements
    }
    let drawn = try measured(PartialLibrary(image, [.cord: cord, .canal: canal, .spine: spine]))
    #expect(drawn.quality.names.contains("noise"))
    #expect(drawn.levels[2].narrowing.cordApMm.value != nil)
    #expect(drawn.alignment?.cobbDeg.value != nil)
    // The vertebrae alone are the network's.
    let beside = try PartialLibrary(image, [.cord: cord, .canal: canal])
    try beside.find(spine)
    #expect(try beside.read().bodiesAreFound && beside.read().discsAreFound)
    let mixed = try measured(beside)
    #expect(
      mixed.levels.map(\.narrowing.cordApMm.value) == drawn.levels.map(\.narrowing.cordApMm.value))
    #expect(mixed.alignment?.cobbDeg.reason?.hasPrefix("noise: ") == true)
    #expect(mixed.levels.allSatisfy { $0.disc.displacementMm.value == nil })
    // Corrected vertebrae are a person's.
    var corrected = spine
    let n = try #require(corrected.voxels.firstIndex(of: VertebralLevel.c5.totalSpineSegLabel))
    corrected.voxels[n] = 0
    try LibraryFixture.write(
      corrected, to: beside.folder(PartialLibrary.own + LabelRole.spine.ending + ".nii.gz"))
    #expect(try !beside.read().bodiesAreFound && !beside.read().discsAreFound)
    #expect(try measured(beside).alignment?.cobbDeg.value != nil)
    // All of it is the network's.
    let found = try PartialLibrary(image, [:])
    try found.find(cord, as: .cord)
    try found.find(canal, as: .canal)
    try found.find(spine)
    let none = try measured(found)
    for row in none.rows {
      #expect(row.measurement.value == nil, "\(row.measure) \(row.level)")
    }
    #expect(none.levels[2].narrowing.cordApMm.reason?.hasPrefix("noise: ") == true)
    #expect(
      String(decoding: try none.json(), as: UTF8.self).contains("compression-understated") == false)
  }

  @Test("a case of a teaching session bears nobody's verdicts")
  func teaching() throws {
    let folder = try given()
    let (library, study) = try folder.open()
    try state(.present, by: "liu", in: library)
    let session = try TeachingSession(
      making: "monday", of: [study], in: library, by: "anna", usesReadings: false)
    let room = try TeachingSource(session, in: library, role: .learner, reader: "liu")
    #expect(room.measuresStudies)
    let measures = try room.measures(of: "1", reader: "liu")
    #expect(measures[.c4c5]?.cordApMm.value != nil)
    #expect(measures[.c4c5]?.scrRatio.reason?.contains("a reader sees it") == false)
    #expect(throws: TeachingError.self) { try room.measures(of: "2", reader: "liu") }
  }

  // MARK: The cache

  private func key(_ size: Int64, _ confirmed: Set<SpinalSegment> = []) -> MeasuresCache.Key {
    let time = FileTime(seconds: 1, nanoseconds: 0)
    return MeasuresCache.Key(
      subject: "01",
      files: ["a": FileStamp(inode: 1, size: size, modified: time, changed: time)],
      confirmed: confirmed)
  }

  @Test("the same files and confirmed lesions are measured once, others anew, a failure again")
  func cache() throws {
    let cache = MeasuresCache()
    var count = 0
    func measure(_ key: MeasuresCache.Key) -> String? {
      cache.measures(key) {
        count += 1
        return StudyMeasures(unmeasured: "\(count)")
      }.reason
    }
    #expect(measure(key(1)) == "1")
    #expect(measure(key(1)) == "1")
    #expect(measure(key(2)) == "2")
    #expect(measure(key(1, [.c4c5])) == "3")
    #expect(measure(key(1)) == "1")
    #expect(throws: CancellationError.self) {
      try cache.measures(key(9)) { throw CancellationError() }
    }
    #expect(measure(key(9)) == "4")
    for size in Int64(100)..<120 { _ = measure(key(size)) }
    let again = measure(key(1))
    #expect(again == "25", "what was measured long ago is forgotten")
  }
}
