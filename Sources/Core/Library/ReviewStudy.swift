public import Imaging

/// Everything a reader's screen needs of one study, loaded and ready to draw.
public struct ReviewStudy: Sendable {
  /// One sagittal slice on the canonical grid.
  public struct Picture: Sendable {
    /// Index of the source slice, left to right.
    public var index: Int
    /// Grey values as acquired.
    public var image: ImageRaster
    /// The plane in the patient.
    public var grid: SagittalGrid
    /// Cord pixels, where known.
    public var cord: MaskRaster?
    /// The signed error in units of the cord-to-CSF step; NaN outside; `nil` where not scored.
    public var anomaly: ImageRaster?
    /// The other stored maps of the slice, NaN where they say nothing; none where not scored.
    public var maps: [DerivativeMaps.Kind: ImageRaster] = [:]
    /// What the study's labels call each pixel; `nil` where nothing on the slice is labelled.
    public var tissues: Raster<SliceTissue>?

    /// Makes a picture.
    public init(
      index: Int, image: ImageRaster, grid: SagittalGrid, cord: MaskRaster?,
      anomaly: ImageRaster?
    ) {
      self.index = index
      self.image = image
      self.grid = grid
      self.cord = cord
      self.anomaly = anomaly
    }
  }

  /// The subject's identifier without "sub-".
  public var subject: String
  /// Age in years as written in participants.tsv.
  public var age: String?
  /// Sex as written in participants.tsv.
  public var sex: String?
  /// mJOA as written in participants.tsv.
  public var mjoa: String?
  /// Distance between slices in mm.
  public var sliceThicknessMM: Double
  /// All slices, left to right.
  public var pictures: [Picture]
  /// The detection, or `nil` before it ran.
  public var detection: Detection?
  /// Whether the detection was made on another image, or on other labels, than those that stand.
  public var hasOutdatedDetection: Bool { detection?.quality.tellOfOutdatedDetection ?? false }
  /// SHA-256 of the detection file that the reader sees.
  public var detectionSHA256: String?
  /// Where masks and levels come from.
  public var labels: [LabelOrigin]
  /// The same as it is shown until the reader has signed, or compares, without the lesion mask of another;
  /// `nil` where nothing is hidden.
  public var ownLabels: [LabelOrigin]?
  /// Where segments lie and lay, by which verdicts under other labels are told.
  public var levels = LevelHistory()
  /// The grey window that the scanner proposed, where the image's sidecar states one.
  public var scannerWindow: WindowLevel?
  /// Why maps that the detection should have are not there, in words.
  public var mapProblems: [DerivativeMaps.Kind: String] = [:]

  /// Makes a study.
  public init(
    subject: String, age: String?, sex: String?, mjoa: String?, sliceThicknessMM: Double,
    pictures: [Picture], detection: Detection?, detectionSHA256: String?,
    labels: [LabelOrigin] = []
  ) {
    self.subject = subject
    self.age = age
    self.sex = sex
    self.mjoa = mjoa
    self.sliceThicknessMM = sliceThicknessMM
    self.pictures = pictures
    self.detection = detection
    self.detectionSHA256 = detectionSHA256
    self.labels = labels
  }
}
