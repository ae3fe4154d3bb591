internal import Imaging

extension TerminalCapabilities {
  /// The greys of a picture where they are too few to tell a lesion from cord, as those of 16 colours are;
  /// `nil` where there are more, or no pictures.
  var fewGreys: Int? {
    guard case .halfBlocks(let colours) = graphics, colours < 256 else { return nil }
    return TerminalColour.greys16
  }

  /// What is said of a picture in so few greys, as much as fits in so many cells; `nil` of others.
  func greyWarning(room: Int) -> String? {
    guard let fewGreys else { return nil }
    let words = "\(fewGreys) greys: a lesion may not show"
    let way = betterType.map { "\(words); TERM=\($0) has \(TerminalColour.greys256)" }
    let choices = [way, words, "\(fewGreys) greys: not for lesions", "\(fewGreys) greys"]
    return choices.compactMap(\.self).first { $0.count <= room }
  }

  /// The same for `doctor`, with what to do about it.
  var greyAdvice: String? {
    guard let fewGreys else { return nil }
    let way = betterType.map { "; start with TERM=\($0) cordscope review LIB" } ?? ""
    return "\(fewGreys) greys: a lesion may not show\(way)"
  }
}
