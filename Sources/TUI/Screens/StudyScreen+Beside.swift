internal import Core
internal import Imaging

/// What the head says of a picture beside the sagittal one that is on the screen without it.
extension StudyScreen {
  /// The picture that the head tells of in the place of the sagittal one, which is not on the screen; `nil`
  /// where that is, or neither.
  static func besideAlone(
    _ study: StudyScreenState, _ state: AppState, _ layout: StudyLayout
  ) -> BesideChoice? {
    guard study.beside.isOn, layout.picture.isEmpty, !layout.beside.isEmpty else { return nil }
    return state.focusedBeside ?? study.beside.choice
  }

  /// Its slice, series and window, and the modes that are on; what was not loaded has its series alone.
  ///
  /// - Parameters:
  ///   - room: Cells there are.
  ///   - mode: That a macro is recorded or played, in a word.
  static func besideWords(
    _ study: StudyScreenState, _ choice: BesideChoice, room: Int = .max, mode: String? = nil
  ) -> String {
    let title = DisplayText.clean(choice.title)
    let modes = modeWords(study, macros: mode)
    func joined(_ words: [String]) -> String {
      DisplayText.clean((words + modes).joined(separator: "  "))
    }
    func fits(_ words: [String]) -> Bool { DisplayText.width(joined(words)) <= room }
    guard let plane = study.besidePlane(of: choice) else {
      return fits([title]) ? joined([title]) : joined([])
    }
    let (at, numbers) = (place(of: plane, choice), GreyChoice.numbers(plane.window))
    let inverted = plane.isInverted ? ["inverted"] : []
    let grey = study.grey(of: choice).words(plane.window)
    // The name of the window goes first, then the end of a long name of the series, then that, then the window.
    let others = DisplayText.width(joined([at, "", numbers] + inverted))
    let short = DisplayText.fit(title, max(room - others, 0))
    var ways: [[String]] = [[at, title, grey], [at, title, numbers] + inverted]
    if short.count >= leastTitle { ways.append([at, short, numbers] + inverted) }
    ways += [[at, numbers] + inverted, [at]]
    return joined(ways.first(where: fits) ?? [])
  }

  /// Cells that its slice and window take with the modes that are on: no words about the study take them.
  static func leastBesideWidth(
    _ study: StudyScreenState, _ choice: BesideChoice, mode: String?
  ) -> Int {
    guard let plane = study.besidePlane(of: choice) else { return leastTitle }
    let words =
      [place(of: plane, choice), GreyChoice.numbers(plane.window)]
      + (plane.isInverted ? ["inverted"] : []) + modeWords(study, macros: mode)
    return DisplayText.width(words.joined(separator: "  "))
  }

  /// Cells of a series' name that still tell it.
  private static let leastTitle = 8

  /// "slice 8/20  z -34.2 mm" of what was acquired, "z -34.2 mm  across the cord" of what was cut from it.
  private static func place(of plane: BesidePlane, _ choice: BesideChoice) -> String {
    choice.isReformat ? plane.following : plane.place
  }
}
