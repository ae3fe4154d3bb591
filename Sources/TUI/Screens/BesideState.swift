internal import Core
internal import Imaging

/// What is shown beside the sagittal picture.
struct BesideState: Sendable {
  /// Which of the two pictures fill the room.
  enum Fill: Equatable, Sendable { case both, sagittal, beside }

  /// How far a choice has come.
  enum Content: Sendable {
    case loading
    case volume(BesideVolume)
    case session(LoadedStudy)
    case failed(String)
  }

  /// Whether there is a second picture.
  var isOn = false
  /// What can be shown; `nil` until it is listed.
  var choices: [BesideChoice]?
  /// Why it could not be listed.
  var problem: String?
  /// Place among the choices.
  var chosen = 0
  var fill: Fill = .both
  /// The picture whose slices or greys were changed last; `nil` is the sagittal one.
  var focus: BesideChoice?
  /// The slices that the reader went to, or of planes across the cord the rows, of planes along it the
  /// columns; pictures without follow the cursor.
  var held: [BesideChoice: Int] = [:]
  /// The greys that the reader chose for pictures with greys of their own.
  var greys: [BesideChoice: GreyChoice] = [:]
  /// What was loaded, kept while the study is open.
  private(set) var contents: [BesideChoice: Content] = [:]
  /// The pictures on the screen, and what they show.
  var shown: [BesideChoice: (view: BesideView, picture: ScreenPicture)] = [:]

  /// Volumes kept at most: a study's series take up to a hundred MB each.
  private static let keptContents = 4

  var choice: BesideChoice? {
    guard isOn, let choices, choices.indices.contains(chosen) else { return nil }
    return choices[chosen]
  }

  /// The picture across the cord that stands over one along it where there is room: three planes.
  var companion: BesideChoice? {
    guard choice?.kind == .coronal, let first = choices?.first, first != choice else { return nil }
    return first
  }

  /// The chosen content; `nil` before it was asked for.
  var content: Content? { choice.flatMap { contents[$0] } }

  /// The slice, row or column of the chosen picture that the reader went to.
  var own: Int? { choice.flatMap { held[$0] } }

  /// What was loaded for a choice; `nil` before it was asked for.
  func content(of choice: BesideChoice) -> Content? { contents[choice] }

  mutating func set(_ content: Content, for wanted: BesideChoice) {
    if contents.count >= Self.keptContents, contents[wanted] == nil {
      contents = contents.filter { $0.key == choice || $0.key == companion }
    }
    contents[wanted] = content
  }

  /// The study's own volume, where another picture made from it has loaded it.
  var ownVolume: BesideVolume? {
    for (choice, content) in contents where choice.isReformat {
      if case .volume(let volume) = content { return volume }
    }
    return nil
  }
}
