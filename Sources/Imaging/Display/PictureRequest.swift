/// Everything that decides what one picture looks like: equal requests give equal pictures.
public struct PictureRequest: Sendable {
  /// Grey values; what is no number is drawn black.
  public var image: ImageRaster
  /// Which of them span black to white.
  public var window: WindowLevel
  /// A map drawn over the image, in the image's own pixels.
  public var overlay: Overlay?
  /// Masks in one colour each, under the map and the outlines.
  public var fills: [Fill] = []
  /// Outlines of masks.
  public var contours: [Contour]
  /// Ticks, cursor and crosshair.
  public var marks: Marks
  /// Lettering drawn into the picture.
  public var lettering: Lettering
  /// The part of the image shown, in px; the whole of it by default.
  public var crop: PixelRect?
  /// Height of the canvas in px.
  public var targetRows: Int
  /// Width of the canvas in px.
  public var targetColumns: Int
  /// Height of an image pixel over its width.
  public var pixelAspect: Double
  /// Height of a canvas pixel over its width.
  public var canvasPixelAspect: Double

  /// Makes a request for a picture of an image at a size.
  public init(
    image: ImageRaster, window: WindowLevel, targetRows: Int, targetColumns: Int,
    overlay: Overlay? = nil, contours: [Contour] = [], marks: Marks = Marks(),
    lettering: Lettering = Lettering(), crop: PixelRect? = nil, pixelAspect: Double = 1,
    canvasPixelAspect: Double = 1
  ) {
    self.image = image
    self.window = window
    self.targetRows = targetRows
    self.targetColumns = targetColumns
    self.overlay = overlay
    self.contours = contours
    self.marks = marks
    self.lettering = lettering
    self.crop = crop
    self.pixelAspect = pixelAspect
    self.canvasPixelAspect = canvasPixelAspect
  }

  /// A map over the image: colour by value, one opacity for the whole layer.
  public struct Overlay: Sendable {
    /// Values in the image's pixels; NaN = nothing there.
    public var values: ImageRaster
    /// How values become colours.
    public var colormap: Colormap
    /// The value (above 0) that gets the map's end colour.
    public var fullScale: Float
    /// Values nearer to 0 than this are not drawn.
    public var threshold: Float
    /// 0 = invisible ... 1 = hides the image.
    public var opacity: Float
    /// The unit of the values, for the colour bar.
    public var unit = ""

    /// Makes an overlay; a `fullScale` that is not a positive number becomes 1.
    public init(
      values: ImageRaster, colormap: Colormap = .anomaly, fullScale: Float,
      threshold: Float = 0, opacity: Float = 0.6
    ) {
      self.values = values
      self.colormap = colormap
      self.fullScale = fullScale > 0 && fullScale.isFinite ? fullScale : 1
      self.threshold = threshold
      self.opacity = opacity
    }
  }

  /// The pixels of a mask in one colour.
  public struct Fill: Sendable {
    /// The mask, in the image's pixels.
    public var mask: MaskRaster
    /// Its colour.
    public var colour: RGB8
    /// 0 = invisible ... 1 = hides the image.
    public var opacity: Float

    /// Makes a filled mask.
    public init(mask: MaskRaster, colour: RGB8, opacity: Float = 0.6) {
      self.mask = mask
      self.colour = colour
      self.opacity = opacity
    }
  }

  /// The outline of a mask in one colour.
  public struct Contour: Sendable {
    /// The mask, in the image's pixels.
    public var mask: MaskRaster
    /// Its outline's colour.
    public var colour: RGB8

    /// Makes an outline.
    public init(mask: MaskRaster, colour: RGB8 = PictureStyle.contour) {
      self.mask = mask
      self.colour = colour
    }
  }

  /// Marks in the image's (fractional) pixel positions.
  public struct Marks: Sendable {
    /// Rows of the segment boundaries: short ticks at the left edge.
    public var boundaryRows: [Double]
    /// The chosen segment: a bracket at the left edge.
    public var selectedRows: ClosedRange<Double>?
    /// The row of the curve's cursor: a pointer at each side.
    public var cursorRow: Double?
    /// A crosshair, open in the middle so that it hides nothing.
    public var crosshair: (row: Double, column: Double)?
    /// The crosshair's colour.
    public var crosshairColour = PictureStyle.accent
    /// Measured distances.
    public var lines: [Line] = []
    /// Where other pictures cross this one, in the crosshair's colour.
    public var references: [Line] = []

    /// Named points, such as those of discs.
    public var points: [Point] = []
    /// What a reader found, each a cross that is open in the middle, so that it hides nothing.
    public var findings: [Point] = []
    /// Whether their names are lettered beside them: not on pictures too coarse for letters.
    public var namesPoints = true

    /// A cross with a name.
    public struct Point: Hashable, Sendable {
      /// Column and row, in image px.
      public var place: SIMD2<Double>
      /// What it marks.
      public var name: String
      /// Whether it is the chosen one, in the accent's colour.
      public var isChosen: Bool

      /// Makes a point at a place (column, row).
      public init(place: SIMD2<Double>, name: String, isChosen: Bool) {
        (self.place, self.name, self.isChosen) = (place, name, isChosen)
      }
    }

    /// A straight line with a cross at each end; a cross alone where both are the same.
    public struct Line: Hashable, Sendable {
      /// Column and row of its beginning, in image px.
      public var from: SIMD2<Double>
      /// Column and row of its end.
      public var to: SIMD2<Double>

      /// Makes a line between two places (column, row).
      public init(from: SIMD2<Double>, to: SIMD2<Double>) {
        self.from = from
        self.to = to
      }
    }

    /// Makes a set of marks; none by default.
    public init(
      boundaryRows: [Double] = [], selectedRows: ClosedRange<Double>? = nil,
      cursorRow: Double? = nil, crosshair: (row: Double, column: Double)? = nil
    ) {
      self.boundaryRows = boundaryRows
      self.selectedRows = selectedRows
      self.cursorRow = cursorRow
      self.crosshair = crosshair
    }
  }

  /// Lettering inside the picture: for files; on a screen most of it is text beside the picture.
  public struct Lettering: Sendable {
    /// Letters at the top, bottom, left and right edge.
    public var orientation: Orientation?
    /// Millimetres per image column, for the 10 mm scale bar; `nil` = no bar.
    public var mmPerColumn: Double?
    /// A line at the lower edge, such as the notice of use.
    public var notice: String?
    /// Lines at the upper left.
    public var title: [String]
    /// Names at rows of the image, such as segment names, at the left edge.
    public var rowNames: [(row: Double, name: String)]
    /// Whether the overlay's colour bar is drawn at the right edge.
    public var showsColourBar: Bool
    /// Whether values and unit are lettered beside it: not on pictures too coarse for letters.
    public var namesColourBar = true
    /// What filled or outlined colours mean, listed at the right edge.
    public var legend: [(colour: RGB8, name: String)] = []

    /// Makes the lettering; none by default.
    public init(
      orientation: Orientation? = nil, mmPerColumn: Double? = nil, notice: String? = nil,
      title: [String] = [], rowNames: [(row: Double, name: String)] = [],
      showsColourBar: Bool = false
    ) {
      self.orientation = orientation
      self.mmPerColumn = mmPerColumn
      self.notice = notice
      self.title = title
      self.rowNames = rowNames
      self.showsColourBar = showsColourBar
    }
  }

  /// The letters of the patient's directions at the picture's edges.
  public struct Orientation: Equatable, Sendable {
    /// Letter at the top.
    public var top: String
    /// Letter at the bottom.
    public var bottom: String
    /// Letter at the left.
    public var left: String
    /// Letter at the right.
    public var right: String

    /// Makes a set of letters.
    public init(top: String, bottom: String, left: String, right: String) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }

    /// The letters of any plane: what its rows and columns run along most.
    public init(_ plane: SamplingPlane) {
      let (up, down) = Self.letters(plane.rowStep)
      let (left, right) = Self.letters(plane.columnStep)
      self.init(top: up, bottom: down, left: left, right: right)
    }

    /// Where a step comes from and where it goes to.
    private static func letters(_ step: SIMD3<Double>) -> (from: String, to: String) {
      let names = [("L", "R"), ("P", "A"), ("F", "H")]
      let axis = (0..<3).max { abs(step[$0]) < abs(step[$1]) } ?? 2
      return step[axis] > 0 ? names[axis] : (names[axis].1, names[axis].0)
    }

    /// As sagittal slices are shown.
    public static let sagittal = Orientation(top: "H", bottom: "F", left: "A", right: "P")
    /// Axial: anterior up, the patient's right at the left.
    public static let axial = Orientation(top: "A", bottom: "P", left: "R", right: "L")
  }
}

/// The colours of what is drawn over a picture: one accent, greys for the rest.
public enum PictureStyle {
  /// "Look here": the chosen segment and the cursor.
  public static let accent = RGB8(r: 120, g: 255, b: 130)
  /// Ticks, letters, the scale bar.
  public static let mark = RGB8(grey: 210)
  /// Outlines of masks.
  public static let contour = RGB8(r: 90, g: 190, b: 170)
  /// Drawn under marks and letters, so that they show on bright tissue.
  public static let shadow = RGB8(grey: 0)
  /// Around the picture.
  public static let letterbox = RGB8(grey: 0)
}
