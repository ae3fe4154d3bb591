import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite struct RowHeadTests {
  /// A slice of the hand-made study as the head sees it, under a flat reconstruction.
  private func profile(_ study: SyntheticStudy) throws -> (RowProfile, PreparedSlice) {
    let prepared = try study.prepared()
    let slice = try #require(prepared.scoredSlices.first)
    let profile = RowProfile(
      slice, maps: SampleStudies.constantMaps(slice), cord: CordGeometry(slice))
    return (try #require(profile), slice)
  }

  private func sample(_ seed: UInt64) throws -> RowHeadTraining.Sample {
    var study = SyntheticStudy()
    study.seed = seed
    let first = 60 + Int(seed * 37 % 120)
    let rows = first...(first + 12)
    let hasLesion = seed % 2 == 0
    study.lesion = hasLesion ? (rows, 0.4) : nil
    return RowHeadTraining.Sample(
      profile: try profile(study).0,
      isLesion: (0..<SagittalGrid.side).map { hasLesion && rows.contains($0) })
  }

  private func head(_ samples: [RowHeadTraining.Sample], threads: Int) throws -> RowHead {
    var settings = RowHeadTraining.Settings()
    settings.steps = 120
    settings.batch = 16
    settings.learningRate = LearningRate(peak: 6e-3, warmUp: 10)
    return try #require(
      try RowHeadTraining(settings: settings, samples: samples, threads: threads)
        .run(network: "abc"))
  }

  @Test func measurementsAreOfTheRowInCordToCSFSteps() throws {
    var study = SyntheticStudy()
    study.noise = 0
    study.lesion = (100...111, 0.5)
    let (profile, slice) = try profile(study)
    func value(_ channel: RowProfile.Channel, _ row: Int) -> Float {
      profile.values[row * RowProfile.channels + channel.index]
    }
    #expect(abs(value(.signal, 105) - 0.5) < 0.02)
    #expect(abs(value(.signal, 150)) < 0.02)
    #expect(abs(value(.csf, 105)) < 0.02)
    #expect(value(.weight, 150) == slice.rowWeight[150])
    #expect(value(.error, 105) > 0.3)
    #expect(!profile.isKnown[10])
    #expect(
      (0..<RowProfile.channels).allSatisfy { profile.values[10 * RowProfile.channels + $0] == 0 })
    #expect(!profile.values.contains { !$0.isFinite })
  }

  @Test func learnsToTellLesionRows() throws {
    let head = try head(try (1...24).map(sample), threads: 2)
    let unseen = try (101...108).map(sample)
    for sample in unseen {
      let odds = head.logOdds(sample.profile)
      let lesion = odds.indices.filter { sample.isLesion[$0] && !odds[$0].isNaN }
      let rest = odds.indices.filter { !sample.isLesion[$0] && !odds[$0].isNaN }
      let highest = rest.map { odds[$0] }.max() ?? -.infinity
      guard let peak = lesion.map({ odds[$0] }).max() else {
        #expect(highest < 0)
        continue
      }
      #expect(peak > 0)
    }
  }

  @Test func threadsDoNotChangeTheResult() throws {
    let samples = try (1...10).map(sample)
    let one = try head(samples, threads: 1)
    let two = try head(samples, threads: 2)
    #expect(one.sha256 == two.sha256)
  }

  @Test func survivesTheFileAndRefusesOthers() throws {
    let folder = try TemporaryFolder()
    let samples = try (1...4).map(sample)
    let head = try head(samples, threads: 1)
    let url = folder.url.appendingPathComponent("net-head.safetensors")
    try head.safetensors.write(to: url)
    let read = try RowHead(contentsOf: url)
    #expect(read.networkSHA256 == "abc")
    let (a, b) = (head.logOdds(samples[0].profile), read.logOdds(samples[0].profile))
    #expect(zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    var other = head.safetensors
    other.metadata["format"] = "something else"
    try other.write(to: url)
    #expect(throws: NetworkError.self) { try RowHead(contentsOf: url) }
    var short = head.safetensors
    short.tensors["output.bias"] = nil
    try short.write(to: url)
    #expect(throws: NetworkError.self) { try RowHead(contentsOf: url) }
  }

  @Test func noSamplesIsAnError() {
    #expect(throws: NetworkError.self) {
      try RowHeadTraining(settings: .init(), samples: [], threads: 1)
    }
  }
}

@Suite struct RowHeadDetectionTests {
  private func head() -> RowHead {
    RowHead(
      network: RowHeadNetwork(seed: 2, kernels: .best, isTraining: false), networkSHA256: "00",
      metadata: [:])
  }

  private func detect(head: RowHead?, scoring: StudyDetector.Scoring) throws -> Detection {
    var study = SyntheticStudy()
    study.lesion = (100...111, 0.4)
    var settings = SampleStudies.settings
    settings.scoring = scoring
    return try StudyDetector(
      card: ModelCard(name: "constant", sha256: "00"), settings: settings, head: head
    ).detect(try study.prepared(), subject: "01", image: "x") { SampleStudies.constantMaps($0) }
      .detection
  }

  @Test func aHeadIsAnOpinionOnlyWhereThereIsOne() throws {
    let without = try detect(head: nil, scoring: .core)
    #expect(!without.opinions.contains { $0.detector == RowHead.detectorName })
    #expect(without.model.headSha256 == nil)
    #expect(String(decoding: try without.json(), as: UTF8.self).contains("\"head_sha256\" : null"))
    let with = try detect(head: head(), scoring: .core)
    let opinion = try #require(
      with.opinions.first { $0.detector == RowHead.detectorName })
    #expect(opinion.patientScore?.isFinite == true)
    #expect(opinion.thresholdSource == ModelCard.startSource)
    #expect(with.model.headSha256 == head().sha256)
    #expect(with.patient.score == without.patient.score)
  }

  @Test func theHeadDecidesWhenAsked() throws {
    let detection = try detect(head: head(), scoring: .head)
    let opinion = try #require(
      detection.opinions.first { $0.detector == RowHead.detectorName })
    #expect(detection.patient.score == opinion.patientScore)
    #expect(detection.patient.threshold == 0)
    #expect(detection.model.scoring == "head")
  }

  @Test func aLongLesionThatTheRunningMedianLosesStandsOutInZ() throws {
    func scores(_ rows: ClosedRange<Int>) throws -> (core: Double, z: Double) {
      var study = SyntheticStudy()
      study.lesion = (rows, 0.4)
      let detection = try SyntheticStudy.detect(try study.prepared()).detection
      func score(_ name: String) throws -> Double {
        let opinion = try #require(detection.opinions.first { $0.detector == name })
        return try #require(opinion.patientScore)
      }
      return (try score("u2ad-core"), try score("u2ad-z"))
    }
    let short = try scores(100...111)
    let long = try scores(90...165)
    #expect(long.core < 0.5 * short.core)
    #expect(long.z > 4 && short.z > 4)
  }
}
