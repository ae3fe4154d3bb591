import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Noise, motion and contrast of the picture")
struct PictureQualityTests {
  @Test(
    "noise: a phantom is clean, and flagged when its cord drowns",
    arguments: [(UInt64(1), PhantomDomain.clinical), (2, .clinical), (3, .public)])
  func noise(seed: UInt64, domain: PhantomDomain) throws {
    let phantom = QualityCases.phantom(seed: seed, domain: domain)
    let clean = try QualityCases.figures(phantom.image, phantom.labels)
    let ratio = try #require(clean.signalToNoise)
    #expect(ratio > 14 && !clean.flags.contains("noise"), "\(ratio)")
    let slice = try #require(
      try StudyPreparation.prepare(image: phantom.image, labels: phantom.labels).scoredSlices.first)
    let level = try #require(
      Percentiles.median(of: slice.image.pixels, where: slice.anatomy.cord.pixels))
    let bad = try QualityCases.figures(
      QualityCases.noisy(phantom.image, deviation: level / 5, seed: seed), phantom.labels)
    #expect(bad.flags.contains("noise") && !bad.flags.contains("motion"), "\(bad)")
    #expect(abs(try #require(bad.signalToNoise) - 5) < 1.5, "\(bad)")
  }

  @Test("noise: the estimate is right on plain noise, and blind to straight edges")
  func estimate() throws {
    var random = RandomSource(seed: 9)
    var image = ImageRaster(rows: 80, columns: 40, filledWith: 0)
    var cord = MaskRaster(rows: 80, columns: 40, filledWith: false)
    for row in 0..<80 {
      for column in 0..<40 {
        let isCord = (16..<24).contains(column)
        cord[row, column] = isCord
        image[row, column] = (isCord ? 200 : 500) + 10 * random.normal()
      }
    }
    let ratio = try #require(NoiseCheck(image, cord: cord)).signalToNoise
    #expect(abs(ratio - 20) < 2, "\(ratio)")
    #expect(NoiseCheck(image, cord: cord.map { _ in false }) == nil)
    #expect(
      NoiseCheck(
        ImageRaster(rows: 2, columns: 2, filledWith: 1),
        cord: MaskRaster(rows: 2, columns: 2, filledWith: true)) == nil)
  }

  @Test(
    "motion: ghosts in the air are flagged, a phantom without them is not",
    arguments: [(UInt64(4), PhantomDomain.clinical), (5, .clinical), (6, .public)])
  func motion(seed: UInt64, domain: PhantomDomain) throws {
    let phantom = QualityCases.phantom(seed: seed, domain: domain)
    let clean = try QualityCases.figures(phantom.image, phantom.labels)
    #expect(try #require(clean.ghostShare) < 0.02 && !clean.flags.contains("motion"), "\(clean)")
    let bad = try QualityCases.figures(
      QualityCases.ghosted(phantom.image, strength: 0.4, shiftMM: 40), phantom.labels)
    #expect(bad.flags.contains("motion"), "\(bad)")
  }

  @Test(
    "motion: ghosts along the cord are flagged, with their distance",
    arguments: [(UInt64(4), PhantomDomain.clinical), (5, .clinical), (6, .public)])
  func echoes(seed: UInt64, domain: PhantomDomain) throws {
    let phantom = QualityCases.phantom(seed: seed, domain: domain)
    let clean = try QualityCases.figures(phantom.image, phantom.labels)
    #expect(try #require(clean.echoLikeness) < 0.06, "\(clean)")
    let image = QualityCases.ghosted(phantom.image, strength: 0.3, shiftMM: 40, along: 2)
    let bad = try QualityCases.figures(image, phantom.labels)
    #expect(try #require(bad.echoLikeness) > 0.08, "\(bad)")
    let study = try StudyPreparation.prepare(image: image, labels: phantom.labels)
    let flag = try #require(study.quality.first { $0.flag == "motion" })
    #expect(flag.text.contains("40 mm higher or lower"), "\(flag.text)")
  }

  @Test("motion: an echo of plain structure is found at its distance, white structure has none")
  func echo() throws {
    var random = RandomSource(seed: 12)
    let plain = ImageRaster(
      rows: 256, columns: 200, pixels: (0..<(256 * 200)).map { _ in 100 + 20 * random.normal() })
    var echoed = plain
    for row in 64..<256 {
      for column in 0..<200 { echoed[row, column] += 0.2 * plain[row - 64, column] }
    }
    let all = MaskRaster(rows: 256, columns: 200, filledWith: true)
    let found = try #require(EchoCheck(echoed, covered: all))
    #expect(abs(found.distanceMM - 50) < 1 && found.likeness > 0.1, "\(found)")
    let none = try #require(EchoCheck(plain, covered: all))
    #expect(none.likeness < 0.05 && none.flag == nil, "\(none)")
    // Where the picture ends is no structure, however often it ends.
    var half = all
    for row in 0..<256 where row < 40 || row > 200 {
      for column in 0..<200 { half[row, column] = false }
    }
    #expect(try #require(EchoCheck(plain, covered: half)).likeness < 0.06)
    // Nothing to compare: too little was acquired, or nothing is in it.
    var short = all
    for row in 70..<256 { for column in 0..<200 { short[row, column] = false } }
    #expect(EchoCheck(plain, covered: short) == nil)
    #expect(EchoCheck(plain, covered: all.map { _ in false }) == nil)
    #expect(try #require(EchoCheck(plain.map { _ in 7 }, covered: all)).likeness == 0)
  }

  @Test("motion: a jump of 2.5 mm between shots is flagged in either direction of phase encoding")
  func jump() throws {
    let plan = PhantomCohort.plan(patients: 6, seed: 5, domain: .public, mix: .only(.normal))
    var along = 0
    for recipe in [plan[2], plan[5]] {
      let phantom = PhantomGenerator(PhantomConfiguration()).study(recipe)
      let clean = try QualityCases.figures(phantom.image, phantom.labels)
      #expect(!clean.flags.contains("motion"), "\(clean)")
      let across = QualityCases.jumped(phantom.image, mm: 2.5, shots: 8)
      let bad = try QualityCases.figures(across, phantom.labels)
      #expect(try #require(bad.rowLikeness) > 0.18, "\(bad)")
      #expect(bad.flags.contains("motion"), "\(bad)")
      let moved = QualityCases.jumped(phantom.image, mm: 2.5, shots: 8, along: 2)
      let other = try QualityCases.figures(moved, phantom.labels)
      if try #require(other.echoLikeness) > 0.1, other.flags.contains("motion") { along += 1 }
    }
    // A phantom has less fine structure than a neck, where 19 of 20 are found (decision 015).
    #expect(along >= 1)
  }

  @Test("motion: echoes across count on both sides of what makes them; one pair of edges is none")
  func rowEcho() throws {
    var random = RandomSource(seed: 12)
    let plain = ImageRaster(
      rows: 160, columns: 256, pixels: (0..<(160 * 256)).map { _ in 100 + 20 * random.normal() })
    let all = MaskRaster(rows: 160, columns: 256, filledWith: true)
    var (echoed, pair) = (plain, plain)
    for row in 0..<160 {
      for column in 64..<256 { echoed[row, column] += 0.3 * plain[row, column - 64] }
      // Strong, but of the front quarter alone.
      for column in 64..<128 { pair[row, column] = plain[row, column - 64] }
    }
    let found = try #require(EchoCheck(echoed, covered: all, .acrossCord))
    #expect(abs(found.distanceMM - 50) < 1 && found.likeness > 0.2, "\(found)")
    #expect(found.flag?.text.contains("50 mm to the front or back") == true)
    #expect(try #require(EchoCheck(echoed, covered: all)).flag == nil)
    let one = try #require(EchoCheck(pair, covered: all, .acrossCord))
    #expect(one.likeness < 0.1 && one.flag == nil, "\(one)")
    #expect(EchoCheck(plain, covered: all.map { _ in false }, .acrossCord) == nil)
  }

  @Test(
    "motion: a constant added to the picture is no ghost, and hides none",
    arguments: [Float(95), 1000])
  func offset(_ level: Float) throws {
    let phantom = QualityCases.phantom(seed: 4)
    let ghosts = QualityCases.ghosted(phantom.image, strength: 0.4, shiftMM: 40)
    for (image, isMoved) in [(phantom.image, false), (ghosts, true)] {
      let plain = try QualityCases.figures(image, phantom.labels)
      let lifted = try QualityCases.figures(image.map { $0 + level }, phantom.labels)
      let (a, b) = (try #require(plain.ghostShare), try #require(lifted.ghostShare))
      #expect(abs(a - b) < 0.002, "\(plain) \(lifted)")
      #expect(lifted.flags.contains("motion") == isMoved, "\(lifted)")
    }
  }

  @Test("contrast: dark CSF is named, and nothing is assessed")
  func contrast() throws {
    let source = SyntheticStudy()
    let study = try StudyPreparation.prepare(
      image: source.image.map { 600 - $0 }, labels: source.studyLabels)
    #expect(study.quality.names.contains("wrong-contrast"))
    #expect(study.scoredSlices.allSatisfy { $0.unassessableReason != nil })
    let d = try SyntheticStudy.detect(study).detection
    #expect(!d.patient.assessable && !d.patient.flagged && d.patient.score == nil)
    #expect(d.patient.reason?.contains("no T2-weighted image") == true)
    #expect(d.decisiveQuality.names.contains("wrong-contrast"))
    let good = try source.prepared()
    #expect(good.reason == nil && good.quality.names.isEmpty)
    #expect(good.scoredSlices.first?.quality.isEmpty == true)
  }

  @Test("contrast: fluid darker than cord is named though fat in the canal's mask is bright")
  func brightFat() throws {
    let source = SyntheticStudy()
    // Fluid at 100, and fat at 300 where the mask reaches too far back: two fifths of it.
    let painted = source.each { slice, row, column -> Float in
      guard source.isCanal(slice, row, column), !source.isCord(slice, row, column) else {
        return source.isCord(slice, row, column) ? SyntheticStudy.cord : SyntheticStudy.tissue
      }
      return column >= SyntheticStudy.centreColumn + 6 ? 300 : 100
    }
    var labels = source.studyLabels
    labels.canalIsFound = true
    let study = try StudyPreparation.prepare(image: painted, labels: labels)
    let slice = try #require(study.scoredSlices.first)
    #expect(try #require(slice.absoluteLevel) < 1)
    let flag = try #require(study.quality.first { $0.flag == "wrong-contrast" })
    #expect(flag.text.contains("0.50 of the cord's signal"), "\(flag.text)")
    let d = try SyntheticStudy.detect(study).detection
    #expect(!d.patient.assessable && !d.patient.flagged && d.patient.score == nil)
    #expect(d.patient.reason == flag.reason)
    // A canal that somebody drew is not judged so, nor a ring that stands for it.
    for given in [source.studyLabels, StudyLabels(cord: source.studyLabels.cord)] {
      let study = try StudyPreparation.prepare(image: painted, labels: given)
      #expect(!study.quality.names.contains("wrong-contrast"))
    }
  }

  @Test("contrast: what a reader chose in spite of it is a doubt, in spite of a region it is not")
  func chosenInSpite() throws {
    let source = SyntheticStudy()
    let painted = source.each { slice, row, column -> Float in
      guard source.isCanal(slice, row, column), !source.isCord(slice, row, column) else {
        return source.isCord(slice, row, column) ? SyntheticStudy.cord : SyntheticStudy.tissue
      }
      return column >= SyntheticStudy.centreColumn + 6 ? 300 : 100
    }
    var labels = source.studyLabels
    labels.canalIsFound = true
    let found = try #require(
      try StudyPreparation.prepare(image: painted, labels: labels).quality
        .first { $0.flag == "wrong-contrast" })
    let chosen = QualityFlag("series-overridden", "The reader chose it.")
    for (stated, count) in [(found.text, 1), ("Its texts say T1.", 2)] {
      labels.quality = [QualityFlag("wrong-contrast", stated), chosen]
      let study = try StudyPreparation.prepare(image: painted, labels: labels)
      #expect(study.quality.filter { $0.flag == "contrast-doubtful" }.count == count)
      #expect(!study.quality.names.contains("wrong-contrast"), "\(study.quality)")
      #expect(study.reason?.contains("wrong-contrast") != true)
    }
    for stated in [[chosen], [QualityFlag("wrong-region", "Its texts say so."), chosen], []] {
      labels.quality = stated
      let study = try StudyPreparation.prepare(image: painted, labels: labels)
      #expect(study.quality.names.contains("wrong-contrast") && study.reason != nil)
    }
  }

  @Test("absolute level: a cord nearly black beside CSF is named")
  func low() throws {
    let source = SyntheticStudy()
    let dark = source.image.map { $0 > 180 && $0 < 220 ? $0 - 175 : $0 }
    let slice = try #require(
      try StudyPreparation.prepare(image: dark, labels: source.studyLabels).scoredSlices.first)
    #expect(slice.quality.names.contains("absolute-level-low"))
    #expect(slice.unassessableReason == nil)
  }

  @Test(
    "distributions of phantoms, when asked for",
    .enabled(if: ProcessInfo.processInfo.environment["CORDSCOPE_QUALITY_FIGURES"] != nil))
  func distributions() throws {
    for domain in PhantomDomain.allCases {
      let plan = PhantomCohort.plan(patients: 51, seed: 4711, domain: domain, mix: .benchmark)
      for recipe in plan {
        let phantom = PhantomGenerator(PhantomConfiguration(slices: 7)).study(recipe)
        func show(_ name: String, _ image: ImageVolume) throws {
          let f = try QualityCases.figures(image, phantom.labels)
          print(
            "FIG", domain.rawValue, recipe.kind.rawValue, name, f.signalToNoise ?? -1,
            f.ghostShare ?? -1, f.echoLikeness ?? -1, f.rowLikeness ?? -1, f.absoluteLevel ?? -1,
            f.flags.joined(separator: ","))
        }
        try show("clean", phantom.image)
        for strength in [0.1, 0.2, 0.3, 0.5] as [Float] {
          try show(
            "ghost\(strength)", QualityCases.ghosted(phantom.image, strength: strength, shiftMM: 40)
          )
          try show(
            "echo\(strength)",
            QualityCases.ghosted(phantom.image, strength: strength, shiftMM: 40, along: 2))
        }
        for variance in [0.0025, 0.005, 0.01, 0.02, 0.05] {
          try show(
            "noise\(variance)",
            ImageDegradation.noise(variance: variance).apply(phantom.image, seed: 1))
        }
      }
    }
  }
}
