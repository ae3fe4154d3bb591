/// What a multi-frame object says of each frame (PS3.3 section C.7.6.16): its own group, else the one
/// that all frames share.
struct DICOMFunctionalGroups {
  private let shared: DICOMDataSet?
  private let perFrame: [DICOMDataSet]

  init(_ set: DICOMDataSet) {
    shared = set.items(.sharedFunctionalGroups).first
    perFrame = set.items(.perFrameFunctionalGroups)
  }

  /// How many frames have a group of their own.
  var frameCount: Int { perFrame.count }

  /// The first item of a group's sequence for a frame.
  func item(_ frame: Int, _ sequence: DICOMTag) -> DICOMDataSet? {
    let own = frame < perFrame.count ? perFrame[frame].items(sequence).first : nil
    return own ?? shared?.items(sequence).first
  }

  /// The echo time of a frame in ms.
  func echoTimeMS(_ frame: Int) -> Double? {
    item(frame, .mrEchoSequence)?.number(.effectiveEchoTime)
  }
}
