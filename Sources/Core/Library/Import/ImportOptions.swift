public import Foundation

/// What an import is told beside its sources.
public struct ImportOptions: Sendable {
  /// The subject's id; by default made from the file's name.
  public var subject: String?
  /// Label files given by hand; those found beside an image fill the rest.
  public var labels: [LabelRole: URL] = [:]
  /// Put the label files given by hand in the place of other ones that the library has.
  public var replacesLabels = false
  /// How the values of the file given for the spine are to be read; by default as its name or, where
  /// that says nothing, its values tell.
  public var spineConvention: LabelConvention?
  /// Take an image whose name or picture speaks of another contrast for T2w all the same, of a folder only
  /// where no image of the subject is nearer to T2; of a DICOM study in which no series fits, one that only
  /// its contrast speaks against.
  public var acceptsContrast = false
  /// The slice thickness in mm assumed for single slices, which do not state theirs.
  public var assumedThicknessMM = 3.0

  /// The series that lesions are looked for on, by number, UID or description; by default it is picked.
  public var series: String?
  /// Keep what identifies the patient in the library's private part.
  public var keepsIdentity = false

  /// Call all NIfTI and NumPy files by pseudonyms, and keep nothing of their names: people name files by
  /// patients. Without it only those are whose names are seen to tell who the patient is; subjects of
  /// datasets keep their ids but for that.
  public var pseudonymises = false

  /// Follow links in folders, as people make them; a drop folder's may lead anywhere.
  public var followsLinks = true
  /// Asked between files and between series; `true` ends the import with `CancellationError`.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Looks at the picture of a DICOM series before one is chosen, and of a single image that comes without
  /// a cord mask; without it headers and names alone decide.
  public var pictureLook: PictureLook?

  /// The defaults: everything is found out.
  public init() {}
}

/// What became of one source.
public struct ImportItem: Equatable, Sendable {
  /// What became of it.
  public enum Outcome: Equatable, Sendable {
    /// A new subject.
    case imported(subject: String)
    /// The same file was imported before; labels that were missing were added.
    case alreadyThere(subject: String, labelsAdded: [LabelRole])
    /// The same file was imported before; labels given by hand took the place of others.
    case labelsReplaced(subject: String, [LabelRole])
    /// Taken as a label file of an image of the same import, or, where that is not new, of one whose labels of
    /// the role the library has already.
    case label(LabelRole, of: String, isNew: Bool)
    /// A file among images that is none, and fails nothing.
    case leftAlone
    /// Not imported, with the reason.
    case refused(String)
  }

  /// The source, cleaned for display.
  public var source: String
  /// What became of it.
  public var outcome: Outcome
  /// What the user must know of it.
  public var notes: [String]
  /// Whether it was refused because the library cannot be written: the source may be good.
  public var isLibraryAtFault = false
  /// Whether it was refused because a file could not be read.
  var isDamaged = false
  /// The label files that came in with the image, by what they hold.
  var labelFiles: [LabelRole: URL] = [:]
  /// How many series of a DICOM study were taken, and why not the others.
  var share: SeriesShare?
  /// The keyed hash of a study that is refused for want of a series to detect on, where the library has a
  /// register: once the library has the study, it is added to it.
  var awaited: String?
  /// Whether a study that is there got series that it lacked.
  var addsSeries = false

  /// What is said of a file among images that is none.
  static let leftAloneWords = "left alone: it is no image"

  /// One line for the user, and one for each note.
  public var text: String {
    let head =
      switch outcome {
      case .imported(let subject): "\(source): imported as subject \(subject)"
      case .alreadyThere(let subject, let roles) where roles.isEmpty:
        "\(source): is in the library already, as subject \(subject)"
      case .alreadyThere(let subject, let roles):
        "\(source): is in the library already, as subject \(subject); added "
          + roles.map(\.rawValue).joined(separator: ", ")
      case .labelsReplaced(let subject, let roles):
        "\(source): is in the library already, as subject \(subject); now with the files "
          + "given for " + roles.map(\.rawValue).joined(separator: ", ")
      case .label(let role, let image, true):
        "\(source): taken as the \(role.fileWords) of \(image)"
      case .label(let role, let image, false):
        "\(source): not taken: the library has the \(role.fileWords) of \(image) already"
      case .leftAlone: "\(source): \(Self.leftAloneWords)"
      case .refused(let reason): "\(source): not imported: \(reason)"
      }
    return ([head] + notes.map { "  \($0)" }).joined(separator: "\n")
  }
}
