internal import Imaging

extension MeasurementErrors {
  /// Paints a phantom, measures the slice that detection would choose, and sets the plan beside it.
  ///
  /// - Parameter segmenter: finds the anatomy that is measured; without it the true masks are.
  /// - Throws: what preparation and the network throw.
  public static func study(
    _ recipe: PhantomRecipe, generator: PhantomGenerator, segmenter: AnatomySegmenter? = nil
  ) throws -> Study {
    let phantom = generator.study(recipe)
    let reference = try measure(
      phantom.image, StudyLabels(truthWithCompressors: phantom.truth), recipe)
    var measured = reference
    if let segmenter {
      if let found = try segmenter.segment(phantom.image) {
        measured = try measure(phantom.image, found.labels, recipe)
      } else {
        measured = Measured(nothingOf: recipe, because: "no cord was found")
      }
    }
    guard let slice = measured.slice ?? reference.slice else {
      var study = Study()
      study.isOssified = generator.isOssified(recipe)
      study.missing.append(measured.values.reason ?? "no slice")
      return study
    }
    var study = compare(measured.values, generator.plannedMeasurements(recipe, slice: slice))
    study.isOssified = generator.isOssified(recipe)
    if segmenter != nil, let intMin = reference.values.modifiedKLine?.intMinMm.value {
      study.kLineOfMasks = (measured.values.modifiedKLine?.intMinMm.value, intMin)
    }
    return study
  }

  /// What was measured, and on which slice; without one there is a reason.
  private struct Measured {
    var values: CervicalMeasurements
    var slice: Int?

    init(values: CervicalMeasurements, slice: Int) {
      self.values = values
      self.slice = slice
    }

    init(nothingOf recipe: PhantomRecipe, because reason: String) {
      values = CervicalMeasurements(subject: recipe.subject, image: "", reason: reason)
    }
  }

  private static func measure(
    _ image: ImageVolume, _ labels: StudyLabels, _ recipe: PhantomRecipe
  ) throws -> Measured {
    let prepared = try StudyPreparation.prepare(image: image, labels: labels)
    guard let chosen = prepared.scoredSlices.first else {
      return Measured(nothingOf: recipe, because: prepared.reason ?? "no slice")
    }
    var slice = SegmentedSlice(chosen, labels: labels).withNeighbours(of: labels)
    // What a report would not give is no measured value.
    slice.quality += prepared.quality.filter { !slice.quality.contains($0) }
    return Measured(
      values: CervicalMeasurements(slice, subject: recipe.subject, image: ""),
      slice: chosen.index)
  }

  /// Pairs what was measured with what was planned.
  public static func compare(
    _ measured: CervicalMeasurements, _ planned: PlannedMeasurements
  ) -> Study {
    var study = Study()
    if let cobb = measured.alignment?.cobbDeg.value {
      study.cobb = (cobb, planned.cobbDegrees)
    } else {
      study.note("Cobb", measured.alignment?.cobbDeg.reason ?? measured.reason)
    }
    let intMin = measured.modifiedKLine?.intMinMm
    study.kLine = (intMin?.value, planned.intMinMM)
    if intMin?.value == nil { study.note("K-line", intMin?.reason ?? measured.reason) }
    for plan in planned.levels { study.add(measured, plan) }
    if (planned.levels.map(\.msccPercent).max() ?? 0) >= 15 {
      study.isNarrowestRight = measured.msccMaxLevel == planned.narrowest?.name
    }
    return study
  }
}

extension MeasurementErrors.Study {
  /// Notes why something has no value. A fault of the study as a whole counts by its name: its text has
  /// the study's own figures, and no two would be alike.
  fileprivate mutating func note(_ name: String, _ reason: String?) {
    let words = reason ?? ""
    let fault = words.firstIndex(of: ":").flatMap { QualityIssue(rawValue: String(words[..<$0])) }
    let isWhole = fault.map { !$0.voids.isEmpty } ?? false
    missing.append("\(name): \(isWhole ? fault?.rawValue ?? words : words)")
  }

  /// Pairs what was measured at one level with what was planned.
  fileprivate mutating func add(
    _ measured: CervicalMeasurements, _ plan: PlannedMeasurements.Level
  ) {
    let limit = DiscDisplacement.shownFromMM
    guard let level = measured.levels.first(where: { $0.level == plan.segment.name }) else {
      displaced.append((nil, plan.displacementMM >= limit))
      return
    }
    let mm = level.disc.displacementMm.value
    displaced.append((mm.map { $0 >= limit }, plan.displacementMM >= limit))
    let (narrowing, disc) = (level.narrowing, level.disc)
    pair(narrowing.msccAdjacentPercent, plan.msccPercent, \.mscc, "MSCC \(level.level)")
    pair(narrowing.mccAdjacentPercent, plan.mccPercent, \.mcc, "MCC \(level.level)")
    pair(
      disc.displacementMm, plan.displacementMM, \.displacement, "displacement \(level.level)")
    pair(narrowing.cordApMm, plan.cordAPMM, \.cord, "cord AP \(level.level)")
  }

  private mutating func pair(
    _ value: MeasuredValue, _ planned: Double,
    _ pairs: WritableKeyPath<Self, [(measured: Double, planned: Double)]>, _ name: String
  ) {
    if let measured = value.value {
      self[keyPath: pairs].append((measured, planned))
    } else {
      note(name, value.reason)
    }
  }
}

extension StudyLabels {
  /// The true labels of a phantom together with what else presses on the sac: the map of the spine
  /// has bodies and discs alone, and a K-line may be crossed by a ligament.
  init(truthWithCompressors truth: PhantomTruth) {
    self.init(truth: truth)
    let compressor = PhantomTissue.anteriorCompressor.rawValue
    var spine = truth.spine
    for n in spine.voxels.indices
    where spine.voxels[n] == 0 && truth.tissues.voxels[n] == compressor {
      spine.voxels[n] = compressor
    }
    self.spine = spine
  }
}
