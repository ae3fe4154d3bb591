internal import Core
internal import Imaging

extension LoadedStudy {
  /// Prepares a study for the screen; made off the UI thread.
  init(study: ReviewStudy, journal: JournalContents, access: StudyAccess = StudyAccess()) {
    self.study = study
    self.journal = journal
    self.access = access
    presets = WindowPresets(study)
    spine = study.spine
    scales = MapScales(study)
  }

  /// All pixels of the study's grid, which is longer than one window where windows are joined.
  var bounds: PixelRect { study.bounds }
}
