internal import Foundation
public import Imaging

/// Chooses among the series of a study the one that lesions are looked for on: the sagittal T2 of the
/// neck, with the reasons in words.
///
/// Every series is judged by itself (``SeriesVerdict``); of those that fit the one with the most points
/// is chosen, of equals the later, as scans are repeated when the first was no good. A reader's wish
/// goes before points and fitness, but cannot make another plane sagittal. Where a reader takes any
/// contrast and no series fits, one is chosen that only its contrast speaks against: what texts and times
/// call T2, then what has bright fluid, too, then any other.
public struct SeriesPicking: Sendable {
  /// The series in their order.
  public let series: [DICOMSeries]
  /// What each of them is.
  public private(set) var verdicts: [SeriesVerdict]
  /// Which one is chosen; `nil` when none fits.
  public private(set) var chosen: Int?
  /// Whether the reader asked for it.
  public let isWished: Bool
  /// Whether it is chosen only because the reader takes any contrast.
  public private(set) var isContrastOverridden = false

  /// Judges series and chooses.
  ///
  /// - Parameters:
  ///   - wish: a series number ("3", of one taken apart "3.2"), Series Instance UID or description, as
  ///     stored or as printed, in small letters or capitals.
  ///   - broken: by index, why pixels of a series turned out to be of no use.
  ///   - pictures: by index, what pictures show, as far as they were looked at.
  ///   - acceptsContrast: whether the reader takes a series of another contrast where none fits.
  /// - Throws: `LibraryError.cannotImport` when the wish names none, several, or one that cannot be
  ///   used.
  public init(
    _ series: [DICOMSeries], wish: String? = nil, broken: [Int: String] = [:],
    pictures: [Int: PictureLook.Finding] = [:], acceptsContrast: Bool = false
  ) throws {
    self.series = series
    isWished = wish != nil
    verdicts = series.indices.map {
      SeriesVerdict(series[$0], broken: broken[$0], picture: pictures[$0])
    }
    if let wish {
      chosen = try wished(wish)
      return
    }
    chosen = best(
      series.indices.filter { verdicts[$0].leftOut == nil && verdicts[$0].unfit == nil })
    if chosen == nil, acceptsContrast { takeAnyContrast() }
  }

  /// The series with the most points, of equals the last.
  private func best(_ indices: [Int]) -> Int? {
    let most = indices.map { verdicts[$0].points }.max()
    return indices.last { verdicts[$0].points == most }
  }

  /// Chooses among the series that only their contrast speaks against.
  private mutating func takeAnyContrast() {
    let open = series.indices.filter { verdicts[$0].isUnfitByContrastAlone }
    let likeness = open.map { verdicts[$0].contrast.contrast.likenessToT2 }
    let nearest = zip(open, likeness).filter { $0.1 == likeness.max() }.map(\.0)
    guard let index = best(nearest) else { return }
    take(index, "the reader takes any contrast")
    isContrastOverridden = true
    chosen = index
  }

  /// Makes a series fit because of the reader's word; what speaks against it becomes a quality flag.
  private mutating func take(_ index: Int, _ word: String) {
    if let against = verdicts[index].leftOut ?? verdicts[index].unfit {
      verdicts[index].flags.append(
        QualityFlag(
          StatedQuality.overridden, "The reader chose this series all the same: \(against)."))
    }
    verdicts[index].leftOut = nil
    verdicts[index].unfit = nil
    verdicts[index].reasons.insert(word, at: 0)
  }

  /// The series that a wish names, made fit.
  private mutating func wished(_ wish: String) throws -> Int {
    let shown = wish.cleaned(limit: 100)
    let found = Self.indices(of: wish, in: series)
    guard let index = found.first else {
      throw LibraryError.cannotImport(
        "series \(shown)", "no series has this number, UID or description; --list prints them")
    }
    guard found.count == 1 else {
      let numbers = found.map { Self.number(series[$0]) }.joined(separator: ", ")
      throw LibraryError.cannotImport(
        "series \(shown)", "it names several, give one of their numbers or its UID: \(numbers)")
    }
    let verdict = verdicts[index]
    if verdict.isUnusable {
      throw LibraryError.cannotImport(
        "series \(shown)", verdict.leftOut ?? verdict.unfit ?? "it cannot be used")
    }
    take(index, "the reader chose it")
    return index
  }

  /// The series that a number, UID or description names: the same text first, then a part of it.
  ///
  /// A description counts as its files have it and as an import or `--list` prints it.
  static func indices(of wish: String, in series: [DICOMSeries]) -> [Int] {
    let wanted = wish.lowercased()
    func texts(_ series: DICOMSeries) -> [String] {
      let stored = series.description.seriesDescription
      let printed = IdentityFilter(series.patient).description(stored)
      return [stored, printed, SeriesTable.description(series)].compactMap { $0?.lowercased() }
    }
    let rules: [(DICOMSeries) -> Bool] = [
      { $0.description.seriesUID == wish },
      { number($0) == wish || "\($0.description.seriesNumber ?? -1)" == wish },
      { texts($0).contains(wanted) },
      { texts($0).contains { $0.contains(wanted) } },
    ]
    for rule in rules {
      let found = series.indices.filter { rule(series[$0]) }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The number by which a series is asked for: "3", of one taken apart "3.2".
  static func number(_ series: DICOMSeries) -> String {
    let number = series.description.seriesNumber.map { "\($0)" } ?? "?"
    return series.part.count > 1 ? "\(number).\(series.part.index + 1)" : number
  }

  /// Why a series that fits is not the chosen one.
  var passedOver: String {
    isWished ? "the reader chose another series" : "another series suits better"
  }

  /// Why nothing was chosen, in one line: the nearest miss.
  var refusal: String {
    let missed = series.indices.filter { verdicts[$0].leftOut == nil }
    let best = missed.max { verdicts[$0].points < verdicts[$1].points }
    guard let best, let why = verdicts[best].unfit else {
      guard let first = series.indices.first, let why = verdicts[first].leftOut else {
        return "the study has no series"
      }
      return "no series is a sagittal T2 of the neck: series \(Self.number(series[first])): \(why)"
    }
    let number = Self.number(series[best])
    let wish = series[best].description.seriesNumber == nil ? "" : " \(number)"
    let advice =
      verdicts[best].isUnusable ? "" : "; import --series\(wish) takes it all the same"
    return "no series is a sagittal T2 of the neck: series \(number): \(why)\(advice)"
  }
}
