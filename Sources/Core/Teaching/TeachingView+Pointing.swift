/// What a presenter points and measures with, and how the screen is divided: parts of a view that sessions of
/// earlier versions do not have.
extension TeachingView {
  /// A distance being measured in a slice; places are columns and rows in grid px.
  public struct Distance: Codable, Equatable, Sendable {
    /// Place in the list of pictures.
    public var slice: Int
    /// Where it begins.
    public var from: [Double]
    /// Where it ends; `nil` while it follows the point.
    public var to: [Double]?

    /// Makes a distance.
    public init(slice: Int, from: [Double], to: [Double]? = nil) {
      (self.slice, self.from, self.to) = (slice, from, to)
    }
  }

  /// The picture beside the sagittal one.
  public struct Beside: Codable, Equatable, Sendable {
    /// Its name, as the screens have it.
    public var title: String
    /// Its place among what a case has, which tells two of one name apart.
    public var place: Int
    /// The slice, row or column that the presenter went to; `nil` while it follows the cursor.
    public var slice: Int?
    /// Which of the two fills the room; `nil` for both.
    public var alone: Alone?

    /// The picture that fills the room.
    public enum Alone: String, Codable, Sendable { case sagittal, beside }

    /// Makes a choice.
    public init(title: String, place: Int, slice: Int? = nil, alone: Alone? = nil) {
      (self.title, self.place, self.slice, self.alone) = (title, place, slice, alone)
    }
  }

  /// How the screen is divided.
  public struct Layout: Codable, Equatable, Sendable {
    /// Where the curve is: "beside", "under" or "auto".
    public var curve: String
    /// What it is drawn with: "braille", "blocks" or "ascii"; `nil` where the terminal leaves no choice.
    public var glyphs: String?
    /// Steps by which the picture is wider than usual, below 0 narrower.
    public var width: Int
    /// The pane that has the whole screen, "picture", "curve" or "ladder"; `nil`: all are shown.
    public var pane: String?

    /// Makes a division.
    public init(curve: String, glyphs: String?, width: Int, pane: String? = nil) {
      (self.curve, self.glyphs, self.width, self.pane) = (curve, glyphs, width, pane)
    }
  }
}
