public import Foundation
internal import Imaging

/// Reports of a library's studies as files: a folder per study, and for the whole library a table, the
/// lists of what is to be corrected and BIDS's description.
///
/// The folder is locked from the first to the last file; another export into it is refused meanwhile.
public final class LibraryExport {
  /// How a report is written.
  public enum Format: String, CaseIterable, Sendable {
    /// Plain text.
    case text
    /// Markdown.
    case md
    /// JSON with every measurement.
    case json
    /// One row per segment and reader.
    case csv
    /// The figure.
    case png

    /// The extension of its files.
    var fileExtension: String { self == .text ? "txt" : rawValue }
  }

  /// Name of the library's table.
  public static let tableName = "segments.csv"
  /// Name of the library's table of findings.
  public static let findingsName = "findings.csv"
  /// Name of the lists for SCT's `manual_correction.py`.
  public static let failedName = "qc_fail.yml"
  /// Name of the lists of images by their quality.
  public static let imagesName = "qc_images.yml"
  /// Name of the complaints with their reasons.
  public static let flagsName = "qc_flags.json"

  private let library: StudyLibrary
  private let formats: [Format]
  private let reader: String?
  private let viewer: ReadingViewer?
  /// Whether who asks corrects what readers complain of: the lists tell him what they signed.
  private let viewerCorrects: Bool
  private let folder: ExportFolder
  private let rights: FileRights
  private let lock: FolderLock
  /// What the library's files say of the studies written: less than their reports, of which there may
  /// be thousands.
  private var table = SheetCSV.header + "\n"
  private var findings = FindingsCSV.header + "\n"
  private var lists = QualityLists([])

  /// Takes the folder of an export.
  ///
  /// - Parameters:
  ///   - folder: A new or empty folder, or that of an earlier export; in the library only below
  ///     `derivatives/`, beside this program's own.
  ///   - reader: The only reader whose acts are told; `nil` for all.
  ///   - viewer: Who asks for it; `nil` for who reads nothing in the library, and is told all.
  /// - Throws: `WriteError`, `LibraryError`, `ReadError`.
  public init(
    of library: StudyLibrary, into folder: URL, formats: Set<Format> = Set(Format.allCases),
    reader: String? = nil, for viewer: ReadingViewer? = nil
  ) throws {
    self.library = library
    self.formats = Format.allCases.filter(formats.contains)
    self.reader = reader
    self.viewer = viewer
    viewerCorrects =
      try viewer.map { try ReaderTable(library: library.root).role(of: $0.reader) } == .annotator
    try Self.checkPlace(folder, library: library.root)
    rights = LibraryPlace.rights(at: folder, library: library.root)
    self.folder = try ExportFolder(claiming: folder, rights: rights)
    guard let lock = try FolderLock(ifFree: folder, rights: rights) else {
      throw LibraryError.busy(folder.path, "another export writes there")
    }
    self.lock = lock
    try DatasetDescription.write(
      to: folder, name: "Cordscope study reports", isDerivative: true, rights: rights)
  }

  deinit { lock.release() }

  /// Originals and detections are no place for reports.
  private static func checkPlace(_ folder: URL, library root: URL) throws {
    guard let inside = LibraryPlace.parts(of: folder, inside: root) else { return }
    guard inside.count >= 2, inside.first == "derivatives", inside.dropFirst().first != "cordscope"
    else {
      throw WriteError(
        path: folder.path, problem: "lies among the library's own files",
        advice: "give a folder outside, or below \(root.path)/derivatives/")
    }
  }

  /// Writes the report of a study into its own folder, after a note in the journal of a reader who compares.
  ///
  /// - Parameter tell: told what the report has of others' readings, before it is written.
  /// - Returns: The report, which says what could not be assessed or read.
  /// - Throws: `WriteError`, `LibraryError.cannotWrite`, `EncodingError`.
  @discardableResult
  public func write(
    _ study: LibraryStudy, at time: Date = Date(), tell: (OthersTold) -> Void = { _ in }
  ) throws -> StudySheet {
    let others = library.othersTold(of: study, to: viewer, only: reader)
    tell(others)
    let sheet = library.sheet(of: study, reader: reader, telling: others, at: time)
    let stem = "sub-\(study.subject)"
    var files = try formats.map { format in
      (
        name: "\(stem)_report.\(format.fileExtension)",
        bytes: try bytes(sheet, as: format, stem: stem)
      )
    }
    // The pages tell what stands; how it came about lies beside them.
    if formats.contains(.text) || formats.contains(.md) {
      files.append((name: "\(stem)_acts.txt", bytes: Array(SheetText.acts(sheet).utf8)))
    }
    try ExportFolder(claiming: folder.url.appendingPathComponent(stem), rights: rights)
      .write(files)
    table += SheetCSV.rows(sheet)
    findings += FindingsCSV.rows(sheet)
    lists.add(viewerCorrects ? library.sheetOfComplaints(sheet, of: study, only: reader) : sheet)
    return sheet
  }

  private func bytes(_ sheet: StudySheet, as format: Format, stem: String) throws -> [UInt8] {
    switch format {
    case .text: return Array(SheetText.report(sheet).utf8)
    case .md:
      let figure = formats.contains(.png) ? "\(stem)_report.png" : nil
      return Array(SheetMarkdown.report(sheet, figure: figure).utf8)
    case .json: return Array(try SheetJSON.data(sheet))
    case .csv: return Array((SheetCSV.header + "\n" + SheetCSV.rows(sheet)).utf8)
    case .png:
      // What cannot be loaded is said on the page.
      let study = try? library.loadStudy(sheet.subject)
      return try PNG.encode(SheetFigure(sheet, study: study).drawn())
    }
  }

  /// Writes what belongs to all studies written: the tables, the lists of what is to be corrected and of
  /// images by their quality.
  ///
  /// Not for a part of the library: the files would say of the rest that it has nothing.
  /// - Throws: `WriteError`, `EncodingError`.
  public func finish() throws {
    try folder.write([
      (Self.tableName, Array(table.utf8)), (Self.findingsName, Array(findings.utf8)),
      (Self.failedName, Array(lists.yaml.utf8)), (Self.imagesName, Array(lists.imagesYAML.utf8)),
      (Self.flagsName, Array(try lists.json())),
    ])
  }
}
