internal import Foundation
internal import Imaging

/// Studies that the library has: what came later is added, and nothing that readers saw changes.
extension StudyPlacing {
  /// What the library has of the study; `nil` where it has neither an image chosen for detection nor any
  /// of the series that came.
  var present: PresentStudy? {
    guard let row = register.study(self.row.studyKey),
      let files = try? FileManager.default.contentsOfDirectory(atPath: anat(row).path)
    else { return nil }
    let hasChosen = isThere(row)
    let stored = stored(row, Set(files))
    let names = study.series.indices.compactMap { index in
      stored[key(of: study.series[index])].map { (index, $0) }
    }
    guard hasChosen || !names.isEmpty else { return nil }
    return PresentStudy(
      study: Self.identifier(row), names: Dictionary(uniqueKeysWithValues: names),
      detectedOn: (try? detectedOn(row)) ?? SeriesNaming.chosen, hasChosen: hasChosen)
  }

  /// Adds the series that a known study lacks, takes whole ones in the place of those that were cut
  /// short, and heeds a reader's wish for another series. What lesions are looked for on stays without one.
  func complete(_ row: PrivateRegister.Row, _ series: [PlacedSeries]) throws -> ImportItem {
    let folder = anat(row)
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    let stored = stored(row, files)
    var missing = series.filter { stored[key(of: study.series[$0.index])] == nil }
    let detected = try detectedOn(row)
    var notes: [String] = []
    for place in missing.indices where missing[place].isChosen && !picking.isWished {
      missing[place].isChosen = false
      missing[place].isLate = true
      // Which suits better can be told only where both came.
      let suits =
        study.series.contains { stored[key(of: $0)] == detected }
        ? "would suit better" : "fits, too"
      notes.append(
        "series \(SeriesPicking.number(study.series[missing[place].index])) \(suits), but "
          + "came later: the image chosen first stays, --series chooses another")
    }
    let isSettled = !picking.isWished && notes.isEmpty
    let names = self.added(missing) { files.contains("\(Self.stem(row))\($0).nii.gz") }
    for one in missing { try write(one, named: names[one.index] ?? "", row, to: folder) }
    if !missing.isEmpty {
      let added = "added " + names.values.sorted().joined(separator: ", ")
      notes.append(
        added + (isSettled ? "; lesions are looked for on \(detected) as before" : ""))
    }
    if !missing.isEmpty || series.isEmpty { notes += SeriesText.leftOut(picking, filter) }
    for one in series {
      guard let name = stored[key(of: study.series[one.index])] else { continue }
      notes += try renew(one, named: name, row)
    }
    if let one = series.first(where: \.isChosen),
      let name = names[one.index] ?? stored[key(of: study.series[one.index])]
    {
      if picking.isWished {
        notes += try choose(one, named: name, row)
      } else if picking.isContrastOverridden, detected == name {
        notes += try restate(one, named: name, row)
      }
    }
    var item = ImportItem(
      source: study.label,
      outcome: .alreadyThere(subject: Self.identifier(row), labelsAdded: []),
      notes: (study.notes + notes).map(\.cleaned))
    item.addsSeries = !missing.isEmpty
    return item
  }

  /// The names of the series that are there, image and sidecar, by their keys.
  private func stored(_ row: PrivateRegister.Row, _ files: Set<String>) -> [String: String] {
    let (folder, stem) = (anat(row), Self.stem(row))
    var names: [String: String] = [:]
    for file in files.sorted() where file.hasPrefix(stem) && file.hasSuffix(".json") {
      let name = String(file.dropLast(".json".count).dropFirst(stem.count))
      guard files.contains("\(stem)\(name).nii.gz"),
        let key = try? Provenance.text(
          SeriesSidecar.seriesKey, in: folder.appendingPathComponent(file))
      else { continue }
      names[key] = name
    }
    return names
  }

  /// The names of series that are added; none of them takes the plain one.
  private func added(
    _ series: [PlacedSeries], isTaken: (String) -> Bool
  ) -> [Int: String] {
    names(
      series.map { one in
        var one = one
        one.isChosen = false
        return one
      }, isTaken: isTaken)
  }

  // MARK: - Cut short

  /// Takes a series in the place of what there is of it, where that has fewer slices: a sender was
  /// interrupted. Where readers or label files refer to the former image, it stays.
  ///
  /// - Returns: what to say of it.
  private func renew(
    _ one: PlacedSeries, named name: String, _ row: PrivateRegister.Row
  ) throws -> [String] {
    let image = anat(row).appendingPathComponent("\(Self.stem(row))\(name).nii.gz")
    let series = study.series[one.index]
    let sidecar = try Provenance.read(Sidecar.url(of: image)) ?? [:]
    guard sidecar[SeriesSidecar.sourceKey] as? String != sourceKey(one),
      sidecar[Sidecar.sourceHash] as? String != one.hash,
      try FileBytes.read(image) != one.bytes(of: series)
    else { return [] }
    let former = try NIfTI.readHeader(image).layout.shape.z
    let now = series.slices.count
    let which = "series \(SeriesPicking.number(series)) (\(name))"
    guard now > former else {
      return ["\(which) came with other pixels and \(now) slices: the library keeps its \(former)"]
    }
    let work = readersWork(on: Self.stem(row) + name, row)
    guard work.isEmpty else {
      return [
        "\(which) has \(now) slices now, but \(former) in the library, to which "
          + "\(work[0]) refers: they stay. To take the whole series, move the subject's files away and "
          + "import again"
      ]
    }
    try removeOwnLabels(of: Self.stem(row) + name, row)
    var one = one
    // What is detected on stays so.
    one.isChosen = sidecar[SeriesSidecar.chosen] != nil
    try write(one, named: name, row, to: anat(row))
    return ["\(which) was cut short, with \(former) slices: now it has \(now)"]
  }

  /// Files by which people or other tools refer to an image: journals and label files.
  private func readersWork(on stem: String, _ row: PrivateRegister.Row) -> [String] {
    func names(_ derivative: String) -> [String] {
      let url = folder(row, in: derivative)
      return ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }
    return names("cordscope").filter {
      $0.hasPrefix(stem + "_")
        && ($0.hasSuffix("_review.jsonl") || $0.hasSuffix("_adjudication.jsonl"))
    } + names("labels").filter { $0.hasPrefix(stem + "_") && $0.hasSuffix(".nii.gz") }
  }

  /// Takes away what `segment` made of an image that is replaced: it is made anew.
  private func removeOwnLabels(of stem: String, _ row: PrivateRegister.Row) throws {
    let own = folder(row, in: "cordscope")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: own.path)) ?? []
    where name.hasPrefix(stem + "_label-") || name == stem + "_anatomy.json" {
      try FileManager.default.removeItem(at: own.appendingPathComponent(name))
    }
  }

  private func folder(_ row: PrivateRegister.Row, in derivative: String) -> URL {
    let session = row.session.map { "/ses-\($0)" } ?? ""
    return root.appendingPathComponent(
      "derivatives/\(derivative)/sub-\(row.subject)\(session)/anat")
  }

  // MARK: - Wished for

  /// The name of the image that lesions are looked for on.
  private func detectedOn(_ row: PrivateRegister.Row) throws -> String {
    let plain = anat(row).appendingPathComponent("\(Self.stem(row))\(SeriesNaming.chosen).json")
    return try Provenance.text(SeriesSidecar.detectOn, in: plain) ?? SeriesNaming.chosen
  }

  /// States that a reader takes the series that lesions are looked for on in spite of what speaks against
  /// it, which may not have been known when it was imported.
  ///
  /// - Returns: what to say of it.
  private func restate(
    _ one: PlacedSeries, named name: String, _ row: PrivateRegister.Row
  ) throws -> [String] {
    let image = anat(row).appendingPathComponent("\(Self.stem(row))\(name).nii.gz")
    let verdict = picking.verdicts[one.index]
    let sidecar = Sidecar.url(of: image)
    let stated = SeriesSidecar.flags(in: try Provenance.read(sidecar) ?? [:])
    guard verdict.flags.names.contains(StatedQuality.overridden),
      !stated.names.contains(StatedQuality.overridden)
    else { return [] }
    try Provenance.update(
      sidecar, set: SeriesSidecar.choice(verdict, filter),
      appending: .cordscope("taken by the reader"))
    return ["\(name) is taken all the same from now on, with that doubt"]
  }

  /// Makes a series the one that lesions are looked for on. No file changes its name, so that what was
  /// detected and read on the former one stays with it, and the choice can be taken back.
  ///
  /// - Returns: what to say of it.
  private func choose(
    _ one: PlacedSeries, named name: String, _ row: PrivateRegister.Row
  ) throws -> [String] {
    let (folder, stem) = (anat(row), Self.stem(row))
    let plain = folder.appendingPathComponent("\(stem)\(SeriesNaming.chosen).json")
    let former = try detectedOn(row)
    guard former != name else { return try restate(one, named: name, row) }
    if name != SeriesNaming.chosen {
      try Provenance.update(
        folder.appendingPathComponent("\(stem)\(name).json"),
        set: SeriesSidecar.choice(picking.verdicts[one.index], filter),
        appending: .cordscope("chosen by the reader"))
    }
    // One file tells: the choice is the former or the new one whenever the program ends.
    try Provenance.update(
      plain, set: [SeriesSidecar.detectOn: .text(name)], appending: .cordscope("detect on \(name)"))
    return [
      "lesions are looked for on \(name) from now on; what was detected and read on \(former) stays "
        + "with it"
    ]
  }
}
