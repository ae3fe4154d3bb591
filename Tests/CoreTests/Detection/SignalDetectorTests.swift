import Imaging
import Testing

@testable import Core

@Suite("Detectors without training")
struct SignalDetectorTests {
  @Test("every detector places a bright lesion in its segment", arguments: SignalDetector.allCases)
  func findsLesion(detector: SignalDetector) throws {
    let study = try SyntheticStudy(lesion: (126...134, 0.5)).prepared()
    let slice = try #require(study.scoredSlices.first)
    let score = detector.score(slice, cord: CordGeometry(slice))
    let best = score.segments.max { ($0.score ?? -1) < ($1.score ?? -1) }
    // A lesion is a cluster of its own, so density clustering has nothing to call noise.
    if detector == .paperDBSCAN { return }
    #expect(best?.segment == .c4c5, "\(detector): \(score.segments.map { $0.score ?? .nan })")
    #expect(score.patient != nil)
  }

  @Test("LC61 is the lesion's height in cord-to-CSF steps, and blind to the cord's mean level")
  func lc61Height() throws {
    let study = try SyntheticStudy(lesion: (126...134, 0.5), noise: 0).prepared()
    let slice = try #require(study.scoredSlices.first)
    let score = SignalDetector.lc61.score(slice, cord: CordGeometry(slice))
    #expect(abs((score.patient ?? 0) - 0.5) < 1e-3)
    let flat = SignalDetector.constant.score(slice, cord: CordGeometry(slice))
    #expect(abs((flat.patient ?? 0) - 0.5) < 0.02)
    // A lesion longer than the window's half is its own background: Z-scoring sees it.
    let long = try SyntheticStudy(lesion: (60...180, 0.5), noise: 0).prepared()
    let longSlice = try #require(long.scoredSlices.first)
    let geometry = CordGeometry(longSlice)
    let lc61 = SignalDetector.lc61.score(longSlice, cord: geometry)
    #expect(lc61.segments[2].score ?? 9 < 0.01)
  }

  @Test("the drift is subtracted once: a flat reconstruction scores as the signal itself")
  func driftOnce() throws {
    // 28 rows are nearly half of both medians' windows. Subtracted twice, the lesion would lose to
    // the flat image's own smoothed median what it adds to it.
    let study = try SyntheticStudy(lesion: (112...139, 0.5), noise: 0.01).prepared()
    let slice = try #require(study.scoredSlices.first)
    let cord = CordGeometry(slice)
    let flat = try SignalDetector.constant.curve(slice, cord: cord)
    let local = try SignalDetector.lc61.curve(slice, cord: cord)
    #expect(flat.rows == local.rows)
    let worst = zip(flat.values, local.values).map { abs($0 - $1) }.max() ?? .nan
    #expect(worst < 1e-3, "largest difference \(worst)")
    // On the paper's input the flat image is made for the detector alone, in the same units.
    var options = PreparationOptions()
    options.normalisation = .minmax
    let paper = try #require(
      try SyntheticStudy(lesion: (112...139, 0.5), noise: 0.01).prepared(options)
        .scoredSlices.first)
    let same = try SignalDetector.constant.curve(paper, cord: CordGeometry(paper))
    let apart = zip(same.values, flat.values).map { abs($0 - $1) }.max() ?? .nan
    #expect(apart < 1e-3, "largest difference \(apart)")
  }

  @Test("T2-MI and RSCI are the indices of the clinical notes")
  func modulation() throws {
    var study = SyntheticStudy(noise: 0)
    study.lesion = (126...134, 0.5)
    let slice = try #require(try study.prepared().scoredSlices.first)
    let geometry = CordGeometry(slice)
    let mi = SignalDetector.t2MI.score(slice, cord: geometry)
    let rsci = SignalDetector.rsci.score(slice, cord: geometry)
    let values = mi.segments.map { $0.score ?? .nan }
    let rows = CoreScoring.smoothedRows(slice.image, cord: geometry, rowWeight: slice.rowWeight)
    let inside = try #require(mi.segments[2].rows).map { Double(rows[$0]) }
    let expected =
      100 * ((inside.max() ?? 0) - (inside.min() ?? 0))
      / (inside.reduce(0, +) / Double(inside.count))
    #expect(abs(values[2] - expected) < 1e-9)
    #expect(
      abs((rsci.segments[2].score ?? 0) - 3 * values[2] / (values[1] + values[2] + values[3]))
        < 1e-9)
    #expect(abs((rsci.segments[0].score ?? 0) - 1) < 1e-9)
  }

  @Test("without levels the segment indices cannot be had, the others can")
  func noLevels() throws {
    let study = SyntheticStudy()
    var labels = study.studyLabels
    labels.landmarks = [:]
    labels.spine = nil
    labels.levelSource = .missing
    let prepared = try StudyPreparation.prepare(image: study.image, labels: labels)
    let slice = try #require(prepared.scoredSlices.first)
    let geometry = CordGeometry(slice)
    #expect(SignalDetector.t2MI.score(slice, cord: geometry).patient == nil)
    #expect(SignalDetector.lc61.score(slice, cord: geometry).patient != nil)
  }

  private let cord: MaskRaster = {
    var mask = MaskRaster(rows: 64, columns: 64, filledWith: false)
    for row in 4..<60 { for column in 28..<36 { mask[row, column] = true } }
    return mask
  }()

  @Test("the paper's Z-scoring keeps pixels a tenth of a standard deviation above the mean")
  func zScoring() {
    var image = ImageRaster(rows: 64, columns: 64, filledWith: 100)
    for row in 4..<60 { for column in 28..<36 { image[row, column] = row % 2 == 0 ? 90 : 110 } }
    let map = PaperDetectors.zScoring(image, cord: cord)
    #expect(map[5, 30] == 1 && map[4, 30] == 0 && map[5, 20] == 0)
    let flat = PaperDetectors.zScoring(image.map { _ in 7 }, cord: cord)
    #expect(!flat.pixels.contains { $0 != 0 })
  }

  @Test("SLIC keeps a bright patch of superpixel size, and nothing of an even cord")
  func slic() {
    var random = RandomSource(seed: 3)
    var image = ImageRaster(
      rows: 64, columns: 64, pixels: (0..<4096).map { _ in 100 + random.normal() })
    for row in 30..<36 { for column in 28..<36 { image[row, column] += 60 } }
    let map = PaperDetectors.slic(image, cord: cord)
    #expect(map[33, 31] > 2)
    #expect(map[10, 31] == 0 && map[55, 31] == 0)
    #expect(map == PaperDetectors.slic(image, cord: cord))
  }

  @Test("DBSCAN calls a lone bright pixel noise and scores its distance to the cluster")
  func dbscan() {
    var random = RandomSource(seed: 3)
    var image = ImageRaster(
      rows: 64, columns: 64, pixels: (0..<4096).map { _ in 100 + random.uniform() })
    image[30, 31] = 140
    let map = PaperDetectors.dbscan(image, cord: cord)
    #expect(map[30, 31] > 10)
    #expect(map.pixels.count { $0 > 0 } < 10)
  }
}
