public import Foundation
internal import Imaging

/// The label files that lie beside an image or in a derivative, whatever tool made them.
public struct LabelFiles: Equatable, Sendable {
  /// One label file.
  public struct File: Equatable, Sendable {
    /// Where it is.
    public var url: URL
    /// What it holds.
    public var role: LabelRole
    /// How its values are to be read; `nil` for masks, and for vertebrae whose values must tell.
    public var convention: LabelConvention?
    /// Who made it, as its name tells.
    var maker: LabelMaker?
    /// Whether the convention is that of the tool that the name tells.
    private var isToldByName: Bool {
      maker != nil
        && LabelName.names(of: role).contains {
          $0.maker == maker && $0.convention == convention
        }
    }

    /// Makes a file of a known role; convention and maker are told by the file's name, and points are
    /// SCT's where it tells nothing.
    public init(url: URL, role: LabelRole, convention: LabelConvention? = nil) {
      let name = url.lastPathComponent.lowercased()
      let folder = url.deletingLastPathComponent().lastPathComponent.lowercased()
      // The longest: "_label-SC_seg" ends in "_seg", too.
      let known = LabelName.names(of: role).filter { known in
        known.folder.map { $0 == folder }
          ?? LabelFiles.extensions.contains { name.hasSuffix(known.ending.lowercased() + $0) }
      }.max { $0.ending.count < $1.ending.count }
      self.url = url
      self.role = role
      self.convention = convention ?? known?.convention
      maker = known?.maker
      guard self.convention == nil, known == nil else { return }
      switch role {
      case .discs: self.convention = .sctDiscs
      case .levels: self.convention = .sctLevels
      case .cord, .canal, .spine, .lesion: break
      }
    }

    init(url: URL, role: LabelRole, name: LabelName) {
      self.url = url
      self.role = role
      convention = name.convention
      maker = name.maker
    }

    /// How the values of a file of vertebrae are to be read: as its name tells or whoever gave it says,
    /// else as they themselves tell.
    ///
    /// - Throws: `ReadError` naming the values where they fit no convention or several, or where they
    ///   are not of the tool that the name tells.
    func convention(telling volume: LabelVolume) throws -> LabelConvention {
      let values = LabelValues(volume)
      guard let convention else { return try values.convention(path: url.path) }
      if isToldByName { try values.check(convention, path: url.path) }
      return convention
    }

    /// Whether a file of cord or canal holds it: a mask does, one of many structures is looked into.
    fileprivate var holdsItsStructure: Bool {
      // One that cannot be read is reported when it is.
      guard let convention, let volume = try? NIfTI.readLabels(url) else { return true }
      return (role == .cord ? convention.cord(in: volume) : convention.canal(in: volume)) != nil
    }
  }

  /// The files, at most one of a role.
  public var files: [LabelRole: File] = [:]
  /// What this program found of the spine beside the one that others labelled: vertebrae or discs that
  /// it lacks.
  public internal(set) var spineAddition: File?
  /// Further files found of a role, which are not used, by the order in which they would have been.
  public private(set) var others: [LabelRole: [File]] = [:]

  /// No files.
  public init() {}

  /// The files found for an image's stem in folders; earlier folders win, then the preferred name.
  ///
  /// A file of many structures that lacks cord or canal gives way to the next one that may hold it.
  public init(stem: String, in folders: [URL]) {
    self.init(stem: stem, in: folders, known: LabelFolders())
  }

  /// The files found for an image's stem in folders, some of which may have been listed before.
  init(stem: String, in folders: [URL], known: LabelFolders) {
    for folder in folders {
      let search = Search(folder, known.listing(of: folder), stem: stem)
      for role in LabelRole.allCases {
        for match in search.matches(role) {
          let file = File(url: match.url, role: role, name: match.name)
          if files[role] == nil {
            files[role] = file
          } else if files[role]?.url != match.url {
            others[role, default: []].append(file)
          }
        }
      }
    }
    for role in [LabelRole.cord, .canal] { passOverLacking(role) }
  }

  /// Takes the first file that holds a structure; where none does, the first of all.
  private mutating func passOverLacking(_ role: LabelRole) {
    guard let first = files[role], first.convention != nil, let rest = others[role] else { return }
    var all = [first] + rest
    guard let index = all.firstIndex(where: \.holdsItsStructure), index > 0 else { return }
    files[role] = all.remove(at: index)
    others[role] = all
  }

  /// Forgets files; the next one of a role takes the place of one that was used.
  mutating func remove(where isUnwanted: (File) -> Bool) {
    for role in LabelRole.allCases {
      let all = ([files[role]].compactMap(\.self) + (others[role] ?? [])).filter { !isUnwanted($0) }
      files[role] = all.first
      others[role] = all.count > 1 ? Array(all.dropFirst()) : nil
    }
    if let addition = spineAddition, isUnwanted(addition) { spineAddition = nil }
  }

  /// Every file that decides what is read of a study, by its role; what completes the spine is the
  /// "addition".
  var used: [String: File] {
    var result = Dictionary(uniqueKeysWithValues: files.map { ($0.key.rawValue, $0.value) })
    result["addition"] = spineAddition
    return result
  }

  /// The file of a role; one that is set by hand has no others.
  public subscript(role: LabelRole) -> File? {
    get { files[role] }
    set {
      files[role] = newValue
      others[role] = nil
    }
  }

  /// Takes cord and canal from the subregions that lie beside SPINEPS' vertebrae given by hand, where
  /// nothing else gives them.
  mutating func addPartner() {
    guard let spine = files[.spine], spine.maker == .spineps else { return }
    let folder = spine.url.deletingLastPathComponent()
    for start in LabelFiles.stems(of: spine) {
      let beside = LabelFiles(stem: start, in: [folder])
      for role in [LabelRole.cord, .canal] where files[role] == nil {
        guard let file = beside.files[role], file.maker == .spineps else { continue }
        files[role] = file
      }
    }
  }

  /// A line that says which file of a role was taken where several were found.
  func choiceNote(_ role: LabelRole) -> String? {
    // What another role is read from is not passed over.
    let used = Set(files.filter { $0.key != role }.values.map(\.url))
    guard let file = files[role],
      let others = others[role]?.map(\.url).filter({ !used.contains($0) }),
      !others.isEmpty
    else { return nil }
    let names = others.map(LabelFiles.shortName).joined(separator: ", ")
    return "the \(role.rawValue) is taken from \(LabelFiles.shortName(file.url)), not from \(names)"
  }

  /// A file's name, with its folder where the name is the image's own.
  static func shortName(_ url: URL) -> String {
    let folder = url.deletingLastPathComponent().lastPathComponent
    return LabelMaker.isStepFolder(folder)
      ? "\(folder)/\(url.lastPathComponent)" : url.lastPathComponent
  }

  static let extensions = [".nii.gz", ".nii"]

  /// What a file's name begins with before the ending that its role and maker give it.
  private static func stems(of file: File) -> [String] {
    let name = file.url.lastPathComponent
    return LabelName.names(of: file.role).filter { $0.maker == file.maker && $0.folder == nil }
      .flatMap { known in extensions.map { known.ending + $0 } }
      .filter { name.lowercased().hasSuffix($0.lowercased()) }
      .map { String(name.dropLast($0.count)) }
  }

  /// The search for an image's label files in a folder.
  private struct Search {
    let folder: URL
    let stem: String
    private let listing: LabelFolders.Listing
    private let starts: [String]

    init(_ folder: URL, _ listing: LabelFolders.Listing, stem: String) {
      self.folder = folder
      self.listing = listing
      self.stem = stem
      starts = Self.starts(stem)
    }

    /// The files of a role, the preferred name first.
    func matches(_ role: LabelRole) -> [(url: URL, name: LabelName)] {
      var result: [(url: URL, name: LabelName)] = []
      for known in LabelName.names(of: role) {
        for url in urls(known) where !result.contains(where: { $0.url == url }) {
          result.append((url, known))
        }
      }
      return result
    }

    private func urls(_ known: LabelName) -> [URL] {
      guard let wanted = known.folder else {
        return LabelFiles.extensions.flatMap { fileExtension in
          starts.compactMap { listing.names[$0 + known.ending.lowercased() + fileExtension] }
        }.map { folder.appendingPathComponent($0) }
      }
      guard let step = listing.stepFolders[wanted] else { return [] }
      return LabelFiles.extensions.map { folder.appendingPathComponent("\(step)/\(stem)\($0)") }
        .filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// How names derived from an image begin, in lowercase: its stem, or in SPINEPS' manner
    /// "sub-07_mod-T2w" and, of an image "t2", "mod-t2".
    private static func starts(_ stem: String) -> [String] {
      let stem = stem.lowercased()
      guard let cut = stem.lastIndex(of: "_") else { return [stem, "mod-\(stem)"] }
      return [stem, "\(stem[..<cut])_mod-\(stem[stem.index(after: cut)...])"]
    }
  }
}
