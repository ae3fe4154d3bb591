internal import Foundation
internal import Imaging

/// What a reader can do where no series of a study is chosen: the command that takes one all the same.
struct SeriesAdvice {
  /// The library's root.
  let library: URL
  /// What the import was told.
  let options: ImportOptions
  /// Where the study lies by itself; `nil` where other images lie among its files.
  let place: URL?

  /// One line that ends in the command; it says so where no series can be taken.
  func text(_ picking: SeriesPicking) -> String {
    let takeable = picking.takeable
    guard let best = takeable.first else {
      return "none of them can be taken: a sagittal MR series is needed, whole and without gaps; "
        + "with the study's sagittal T2 in the library they are added to it"
    }
    guard let wish = picking.wish(for: best) else {
      return "to take one all the same give its Series Instance UID with --series"
    }
    let others = takeable.dropFirst().compactMap(picking.wish(for:)).map(ShellWord.quoted)
    let which =
      "to take series \(SeriesPicking.number(picking.series[best])) all the same"
      + (others.isEmpty ? "" : " (or, in its place, \(others.joined(separator: ", ")))")
    // A log takes paths out of texts by what they are: quoted in the middle they could not be found.
    guard let place, !options.pseudonymises || !place.path.contains("'") else {
      return "\(which), put the study's files into a folder of their own, FOLDER, and run: "
        + command("FOLDER", wish)
    }
    return "\(which): " + command(ShellWord.quoted(place.path), wish)
  }

  private func command(_ source: String, _ wish: String) -> String {
    var words = [
      "cordscope import", source, "--into", ShellWord.quoted(library.path), "--series",
      ShellWord.quoted(wish),
    ]
    if let subject = options.subject { words += ["--subject", ShellWord.quoted(subject)] }
    if options.keepsIdentity { words.append("--keep-identity") }
    return words.joined(separator: " ")
  }
}

extension SeriesPicking {
  /// The series that a reader's wish could make the chosen one, the most suitable first; what is left
  /// out by rule, such as a localizer, is not among them.
  var takeable: [Int] {
    series.indices.filter { index in
      let verdict = verdicts[index]
      return !verdict.isUnusable
        && (verdict.leftOut == nil || verdict.leftOut == SeriesVerdict.unknownContrast)
    }.sorted { (verdicts[$0].points, $0) > (verdicts[$1].points, $1) }
  }

  /// What names this series and no other: its number, else its description as an import prints it; `nil`
  /// where both are another's, too, or missing.
  func wish(for index: Int) -> String? {
    let description = series[index].description
    let number = description.seriesNumber.map { _ in Self.number(series[index]) }
    let words = IdentityFilter(series[index].patient).description(description.seriesDescription)
    return [number, words].compactMap(\.self).first {
      Self.indices(of: $0, in: series) == [index]
    }
  }
}

extension DICOMStudy {
  /// The deepest folder that holds all of the study's files, or its only file, where no file of other
  /// studies and no other image lies below it; `nil` where one does.
  func ownPlace(among studies: [DICOMStudy], besides images: [URL]) -> URL? {
    guard let first = files.first else { return nil }
    if files.count == 1 { return first }
    var parts = first.deletingLastPathComponent().pathComponents
    for file in files {
      let own = file.deletingLastPathComponent().pathComponents
      while !own.starts(with: parts) { parts.removeLast() }
    }
    guard parts.count > 1 else { return nil }
    let folder = parts.dropFirst().reduce(URL(fileURLWithPath: parts[0])) {
      $0.appendingPathComponent($1)
    }
    let inside = folder.path + "/"
    let others = studies.filter { $0.number.0 != number.0 }.flatMap(\.files) + images
    return others.contains { $0.path.hasPrefix(inside) } ? nil : folder
  }

  /// The files of its series, each once.
  private var files: [URL] {
    Set(series.flatMap { $0.slices.map(\.file) }).sorted { $0.path < $1.path }
  }
}
