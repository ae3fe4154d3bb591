internal import Foundation
internal import Imaging

extension Importer {
  /// Imports a study: every series worth keeping as NIfTI, one of them chosen for detection.
  ///
  /// A study that the library has gets the series that it lacks, whatever they are.
  /// Pixels are decoded before the library is touched, so that a damaged file leaves nothing behind.
  /// - Parameter ownPlace: where the study lies by itself, for the advice of a refusal.
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`, `ImportSite.NoLibrary`.
  func importDICOM(
    _ study: DICOMStudy, _ options: ImportOptions, ownPlace: () -> URL?
  ) throws -> ImportItem {
    let filter = IdentityFilter(study.patient)
    let known = try self.known(study)
    var broken = BrokenSeries()
    var pictures: [Int: PictureLook.Finding] = [:]
    func pick() throws -> SeriesPicking {
      try Self.picking(study, known, options, broken: broken.reasons, pictures: pictures)
    }
    // Each round ends, or knows one series more that is broken or was looked at.
    while true {
      try Self.check(options)
      let picking = try pick()
      guard let chosen = picking.chosen else {
        if let known {
          let series = try prepared(study, picking, chosen: nil, broken: &broken, options)
          let judged = try pick()
          if series.isEmpty, judged.verdicts.contains(where: \.isRefused) {
            return refusal(of: study, known, judged, broken, filter)
          }
          return try place(study, judged, series, broken, filter, options, volume: nil)
        }
        let advice = SeriesAdvice(library: root, options: options, place: ownPlace())
        return refusal(of: study, picking, broken, filter, advice)
      }
      let volume: ImageVolume
      do { volume = try Self.picture(study.series[chosen]) } catch {
        // A wish that cannot be fulfilled is an error; otherwise the next best is looked at.
        if picking.isWished { throw error }
        broken.add(chosen, error)
        continue
      }
      if let look = options.pictureLook, pictures[chosen] == nil,
        let seen = try? look.look(volume)
      {
        pictures[chosen] = seen
        if try pick().chosen != chosen { continue }
      }
      let series = try prepared(study, picking, chosen: volume, broken: &broken, options)
      return try place(study, try pick(), series, broken, filter, options, volume: volume)
    }
  }

  /// What the library has of a study that has an image chosen for detection there.
  private func known(_ study: DICOMStudy) throws -> PresentStudy? {
    let contents = try LibraryContents(root)
    guard contents.hasStudy(contents.key(of: study)) else { return nil }
    return contents.present(study, try SeriesPicking(study.series))
  }

  /// Judges a study's series. In one that the library has nothing is chosen but what fits, or a reader
  /// wishes for: of any contrast is only what lesions are looked for on already.
  private static func picking(
    _ study: DICOMStudy, _ known: PresentStudy?, _ options: ImportOptions, broken: [Int: String],
    pictures: [Int: PictureLook.Finding]
  ) throws -> SeriesPicking {
    let picking: SeriesPicking
    do {
      picking = try SeriesPicking(
        study.series, wish: options.series, broken: broken, pictures: pictures,
        acceptsContrast: options.acceptsContrast)
    } catch LibraryError.cannotImport(let what, let why) {
      guard let known else { throw LibraryError.cannotImport(what, why) }
      throw LibraryError.cannotImport(
        what,
        "\(why); the study is in the library as subject \(known.study): without --series it gets what "
          + "it lacks of these series, and lesions are looked for on \(known.detectedOn) as before")
    }
    guard let known, picking.isContrastOverridden,
      picking.chosen.flatMap({ known.names[$0] }) != known.detectedOn
    else { return picking }
    return try SeriesPicking(study.series, broken: broken, pictures: pictures)
  }

  /// A delivery to a study that the library has, of which nothing can be used.
  private func refusal(
    of study: DICOMStudy, _ known: PresentStudy, _ picking: SeriesPicking, _ broken: BrokenSeries,
    _ filter: IdentityFilter
  ) -> ImportItem {
    let why =
      "the study is in the library as subject \(known.study), but no series that came can be added"
    let lines = SeriesText.leftOut(picking, filter)
    var item = refused(study.place, why)
    item.notes = (study.notes + lines).map(\.cleaned)
    item.share = study.refused(why, lines, broken, picking, filter)
    return item
  }

  /// A study of which nothing is chosen: each series with the reason, and what a reader can do.
  private func refusal(
    of study: DICOMStudy, _ picking: SeriesPicking, _ broken: BrokenSeries,
    _ filter: IdentityFilter, _ advice: SeriesAdvice
  ) -> ImportItem {
    let why = filter.sentence(picking.refusal)
    let lines = SeriesText.lines(picking, filter, names: [:]) + [advice.text(picking)]
    var item = refused(study.place, why)
    item.notes = (study.notes + lines).map(\.cleaned)
    item.share = study.refused(why, lines, broken, picking, filter)
    if let contents = try? LibraryContents(root), let key = contents.key(of: study),
      !contents.hasStudy(key)
    {
      item.awaited = key
    }
    return item
  }

  /// A series' volume, if it holds a picture.
  private static func picture(_ series: DICOMSeries) throws -> ImageVolume {
    let volume = try series.volume()
    guard volume.voxels.allSatisfy(\.isFinite), let lowest = volume.voxels.min(),
      let highest = volume.voxels.max(), lowest < highest
    else {
      throw ReadError(
        path: series.slices.first?.file.path ?? "",
        problem: "all voxels of the series are equal: it holds no picture")
    }
    return volume
  }

  /// All series that are kept; those that turn out to be damaged are left out. Each is decoded by itself
  /// and given up again, so that the memory needed is that of the largest beside the chosen one.
  private func prepared(
    _ study: DICOMStudy, _ picking: SeriesPicking, chosen volume: ImageVolume?,
    broken: inout BrokenSeries, _ options: ImportOptions
  ) throws -> [PlacedSeries] {
    var result: [PlacedSeries] = []
    for (index, series) in study.series.enumerated() {
      try Self.check(options)
      let isChosen = index == picking.chosen
      guard isChosen || picking.verdicts[index].isKept else { continue }
      do {
        if !isChosen { _ = try Self.picture(series) }
        result.append(
          PlacedSeries(
            index: index, isChosen: isChosen, hash: try Self.hash(of: series),
            volume: isChosen ? volume : nil))
      } catch {
        if isChosen { throw error }
        broken.add(index, error)
      }
    }
    return result
  }

  /// The SHA-256 of the hashes of a series' files, in the order of the hashes: where the files lie and
  /// what they are called does not matter.
  private static func hash(of series: DICOMSeries) throws -> String {
    let files = Set(series.slices.map(\.file))
    let hashes = try files.map { try SHA256.hexDigest(ofFile: $0) }.sorted()
    return SHA256.hexDigest(of: hashes.joined(separator: "\n") + "\n\(series.part.index)")
  }

  private func place(
    _ study: DICOMStudy, _ picking: SeriesPicking, _ series: [PlacedSeries],
    _ broken: BrokenSeries, _ filter: IdentityFilter, _ options: ImportOptions,
    volume: ImageVolume?
  ) throws -> ImportItem {
    let site = try ImportSite(root)
    do {
      var placing = StudyPlacing(
        study, picking, filter, library: root, options, try PrivateRegister(library: root))
      var item = try placing.place(series) { try freeSubject($0) }
      site.close()
      item.share = study.share(picking, taken: series.count, broken, filter)
      if case .imported = item.outcome, let volume {
        item.notes += Self.forecast(volume, LabelFiles()).map(\.cleaned)
      }
      return item
    } catch {
      site.abandon()
      throw error
    }
  }
}

/// A series on its way into a library.
struct PlacedSeries {
  /// Its place among the study's series.
  var index: Int
  /// Whether lesions are looked for on it.
  var isChosen: Bool
  /// Whether it would have been chosen, but came to a study that has an image for detection.
  var isLate = false
  /// The hash of its files.
  var hash: String
  /// Its pixels where they are at hand; the others' are decoded again when they are written.
  var volume: ImageVolume?

  /// The bytes of its `.nii.gz` file.
  ///
  /// - Throws: `ReadError` when its files changed since they were looked at, `WriteError`.
  func bytes(of series: DICOMSeries) throws -> [UInt8] {
    try GZip.compress(try NIfTI.encode(try volume ?? series.volume()))
  }
}
